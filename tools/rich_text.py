"""HTML and text that travel within RTF, taken out of it by RTFDE, which knows nothing of TNEF: the second opinion on RTF.
And answers, forwards and first mails in RTF of its own kind, of which the place of the signature is known (`mails`).

As a program (`python rich_text.py < STREAM`): a stream of TNEF in, one line of JSON out. That is how `check` runs it,
under the limits of outside.py.
"""

import functools
import json
import re
import sys

import outside
import streams
from messages import Wrong, insertion, is_signature
from wordings import WORDINGS

WRAPPED = re.compile(rb"\\from(?:html|text)")


def taken_out(stream):
    """{kind, text}, {unread: why}, or nothing when the stream has no RTF with another text in it."""
    import logging

    from RTFDE import DeEncapsulator
    from tnefparse import TNEF

    logging.disable(logging.CRITICAL)
    body = TNEF(stream, do_checksum=False).rtfbody
    body = body[0] if isinstance(body, list) else body
    # MS-OXRTFEX section 2.1.3.1: the word is among the first tokens.
    if not body or not WRAPPED.search(body[:400]):
        return None
    try:
        read = DeEncapsulator(body)
        read.deencapsulate()
    except Exception as error:
        return {"unread": f"{type(error).__name__}: {str(error).splitlines()[0]}"}
    return {"kind": read.content_type, "text": read.content.decode("utf-8", "surrogateescape")}


@functools.lru_cache(maxsize=None)
def asked(stream):
    code, said, error = outside.run(sys.executable, __file__, octets=stream)
    if code == 0:
        return json.loads(said)
    return {"unread": f"exit {code}: {error.decode('utf-8', 'replace').strip().splitlines()[-1:]}"}


def check(before, after, words):
    """Raises Wrong; otherwise html, text, why the stream could not be read before, or None when there is nothing to read."""
    old, new = asked(before), asked(after)
    if bool(old) != bool(new):
        raise Wrong("RTFDE: the RTF holds a text no more, or only now")
    if not old:
        return None
    if "unread" in old:
        return old["unread"]
    if "unread" in new:
        raise Wrong(f"RTFDE reads it no more: {new['unread']}")
    if old["kind"] != new["kind"]:
        raise Wrong(f"RTFDE: {old['kind']} became {new['kind']}")
    if old["text"] == new["text"]:
        raise Wrong(f"RTFDE: the {old['kind']} has no signature")
    if not any(is_signature(piece, words) for _, piece in insertion(old["text"], new["text"])):
        raise Wrong(f"RTFDE: the {old['kind']} is not the old one and one signature")
    return old["kind"]


# ---------------------------------------------------------------- mails of our own

HERE = "\u2425"
FRAME = (
    "{{\\rtf1\\ansi\\ansicpg1252\\deff0\\uc1{{\\fonttbl{{\\f0\\fswiss Calibri;}}}}\r\n"
    "{{\\colortbl;\\red0\\green0\\blue0;}}\r\n\\pard\\plain\\f0\\fs22 {own}{quoted}}}\r\n"
)
BORDER = "\\pard\\plain\\brdrt\\brdrs\\brdrw20\\brsp60\\brdrcf1 \\f0\\fs22 "
ANSWERED = "\\pard\\plain\\f0\\fs22\\par\r\nShall we meet?\\par\r\n{\\i From 9:00 on} I am there.\\par\r\nBob\\par\r\n"
# How Outlook sets the quoted text apart; the header block follows.
BEGINNINGS = {
    "rule": lambda words: f"{'_' * 32}\\par\r\n",
    "border": lambda words: BORDER,
    "original": lambda words: f"-----{said(words.original)}-----\\line\r\n",
    "fields": lambda words: "",
}
ENDINGS = {
    "": "",
    ", trailer": "\\par\r\n-- \\par\r\nAda Vance\\par\r\n",
    ", list": "{\\pntext\\'B7\\tab}Room 4\\par\r\n{\\pntext\\'B7\\tab}Coffee: black\\par\r\n\\pard ",
    ", bold": "{\\b Until {\\ul Thursday}}\\par\r\n",
}
# Of the octets between two places: nothing that is seen, and no line end.
UNSEEN = re.compile(r"(?:[{}\r\n]|\\(?!par\b|line\b|tab\b|u-?\d)[a-z]+(?:-?\d+)? ?)*")
# The same, lines being empty.
EMPTY = re.compile(r"(?:[{}\s]|\\(?!tab\b|u-?\d)[a-z]+(?:-?\d+)? ?)*")


def said(text):
    return streams.as_rtf(re.sub(r"([\\{}])", r"\\\1", text))


def mails():
    """((client, shape and what is special, kind, language), the RTF without the mark, and the place in octets)."""
    for plain in WORDINGS:
        for kind in ("reply", "forward", "first"):
            words = plain.of(kind)
            fields = "\\line\r\n".join(f"{{\\b {said(label)}}} {said(value)}" for label, value in words.fields())
            for shape, beginning in BEGINNINGS.items() if kind != "first" else [("first", None)]:
                quoted = f"{beginning(words)}{fields}\\par\r\n{ANSWERED}" if beginning else ""
                for special, more in ENDINGS.items():
                    own = f"{said(words.own)}\\par\r\n{more}\\par\r\n{HERE}"
                    rtf = FRAME.format(own=own, quoted=quoted)
                    row = ("outlook-richtext", f"{shape}{special}", kind, words.language)
                    yield row, rtf.replace(HERE, "").encode("ascii"), rtf.index(HERE)


def check_place(imprint, name, rtf, place):
    """Raises Wrong unless the signature stands above what is quoted and under all else."""
    after, outcome, reason = imprint(streams.as_message(streams.around_rtf(rtf), "rich"))
    if outcome != "signed":
        raise Wrong(f"{outcome} ({reason})")
    (stream,) = streams.in_message(after)
    (new,) = streams.Stream(stream).texts
    old = rtf.decode("ascii").rstrip("\0")
    ways = insertion(old, streams.without_new_entries(old, new))
    ways = [offset for offset, piece in ways if streams.times(piece, imprint.words) == 1]
    if not any(nothing_between(old, offset, place) for offset in ways):
        raise Wrong(f"at {ways[:1]}, belongs at {place}")


def nothing_between(rtf, offset, place):
    """Lines may be empty above the place; below it only words may stand that show nothing."""
    if offset <= place:
        return bool(EMPTY.fullmatch(rtf[offset:place]))
    return bool(UNSEEN.fullmatch(rtf[place:offset]))


if __name__ == "__main__":
    print(json.dumps(taken_out(sys.stdin.buffer.read())))
