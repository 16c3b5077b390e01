"""HTML and text that travel within RTF, taken out of it by RTFDE, which knows nothing of TNEF: the second opinion on RTF.

As a program (`python rich_text.py < STREAM`): a stream of TNEF in, one line of JSON out. That is how `check` runs it,
under the limits of outside.py.
"""

import functools
import json
import re
import sys

import outside
from messages import Wrong, insertion, is_signature

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


if __name__ == "__main__":
    print(json.dumps(taken_out(sys.stdin.buffer.read())))
