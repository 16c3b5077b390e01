"""Signatures that change how a message is built, put into real mail: with a picture that travels along, with a line longer
than mail may have, with HTML beside a plain text. Judged by Python's e-mail parser, leaf by leaf."""

import base64
import email
import html
import re
from collections import Counter
from pathlib import Path

import messages
import streams
from messages import Wrong

LOGO = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
# What it is called, what the signature says, and how it is put in.
WAYS = [
    ("picture", "Signed-by-Zo\u00eb", ["--place", "reply"]),
    ("long line", "\u65e5" * 300, ["--place", "top"]),
    ("HTML beside", "Signed-by-Zo\u00eb", ["--place", "bottom", "--plain-becomes-html"]),
]
NAME = re.compile(r"signet-image\d+\.[0-9a-f]{32}@signet")
DESCRIBES = (b"content-type", b"content-transfer-encoding", b"content-disposition", b"mime-version")


def imprints(make, folder):
    """By name: `make` gives one of a folder, a name, words, HTML and further arguments."""
    logo = Path(folder, "logo.png")
    logo.write_bytes(LOGO)
    shown = '<p><img src="cid:logo" alt="">{}</p>'
    return {
        name: make(folder, f"way{number}", words, shown.format(words), [*more, "--image", str(logo)])
        for number, (name, words, more) in enumerate(WAYS)
    }


def leaves(message, beside=False):
    """(part, whether it stands in an alternative that was made for a plain text), in order."""
    if not (message.is_multipart() and message.get_content_maintype() == "multipart"):
        return [(message, beside)]
    beside = beside or str(message.get_boundary()).startswith("=_signet_alternative")
    return [leaf for part in message.get_payload() for leaf in leaves(part, beside)]


def twice(message):
    """How often a field that describes a part stands there once more."""
    names = Counter((id(part), name.lower().encode()) for part in message.walk() for name in part.keys())
    return sum(count - 1 for (_, name), count in names.items() if name in DESCRIBES)


def check_frame(before, after, old, new):
    """What stands around the leaves."""
    fields = [messages.fields(message)[0] for message in (before, after)]
    if not old.is_multipart():
        fields = [[one for one in every if one.partition(b":")[0].strip().lower() not in DESCRIBES] for every in fields]
    if fields[0] != fields[1]:
        raise Wrong("header fields changed")
    if twice(new) > twice(old):
        raise Wrong("a part says twice how it is built")
    for part in new.walk():
        ours = str(part.get_boundary()).startswith("=_signet")
        if ours and part.get("Content-Transfer-Encoding", "7bit").lower() not in ("7bit", "8bit", "binary"):
            raise Wrong("a multipart is encoded (RFC 2045 section 6.4)")


def check_pair(one, two, root, words):
    """Whether the leaf was signed."""
    if (one.get_content_type(), one.get_filename()) != (two.get_content_type(), two.get_filename()):
        raise Wrong(f"{one.get_content_type()} became {two.get_content_type()}")
    if one.get_payload(decode=True) == two.get_payload(decode=True):
        if not root and messages.raw(one) != messages.raw(two):
            raise Wrong(f"a {one.get_content_type()} part changed")
        return False
    if one.get_content_type() not in messages.TEXTS:
        raise Wrong(f"{one.get_content_type()} changed")
    texts = [messages.text(part) for part in (one, two)]
    if not messages.signature_ways(*texts, words) and not messages.signature_ways(*map(without_end, texts), words):
        raise Wrong(f"{one.get_content_type()}: not the old text and one signature")
    return True


def without_end(text):
    """Of a text whose multipart was never closed the parser does not know whether its last line end is its own."""
    return text.rstrip("\r\n")


def letters(text):
    return re.sub(r"[\s>\xa0\x00-\x1f\x7f-\x9f]+", "", text)


def shown_by(markup):
    return html.unescape(re.sub(r"<[^<>]*>", "", re.sub(r"(?s)<head>.*?</head>", "", markup)))


def check(before, after, words):
    """Compares a signed message with the one that came."""
    old, new = email.message_from_bytes(before), email.message_from_bytes(after)
    if any(part.get_content_type() in streams.TYPES for part in old.walk()):
        return
    check_frame(before, after, old, new)
    pictures, beside, others = [], [], []
    for leaf, in_ours in leaves(new):
        name = NAME.search(leaf.get("Content-ID", ""))
        if name:
            pictures.append((name[0], leaf))
        elif in_ours and leaf.get_content_type() == "text/html":
            beside.append(leaf)
        else:
            others.append(leaf)
    was = [leaf for leaf, _ in leaves(old)]
    if len(was) != len(others):
        raise Wrong(f"{len(was)} leaves became {len(others)}")
    signed = [two for one, two in zip(was, others) if check_pair(one, two, one is old, words)]
    if not signed:
        raise Wrong("nothing was signed")
    plain = [messages.text(leaf) for leaf in signed if leaf.get_content_type() == "text/plain"]
    markup = [messages.text(leaf) for leaf in [*signed, *beside] if leaf.get_content_type() == "text/html"]
    if beside and [letters(shown_by(messages.text(one))) for one in beside] != [letters(one) for one in plain]:
        raise Wrong("the HTML beside a plain text says something else")
    named = {name for one in markup for name in NAME.findall(one)}
    if bool(markup) != bool(pictures) or named != {name for name, _ in pictures}:
        raise Wrong(f"{len(pictures)} pictures, {len(named)} shown in {len(markup)} texts")
    for _, leaf in pictures:
        if leaf.get_content_type() != "image/png" or leaf.get_payload(decode=True) != LOGO:
            raise Wrong("the picture is another one")


def checked(imprint, before):
    """Raises Wrong, or says what became of the message, and how many parts it has more."""
    after, outcome, reason = imprint(before)
    less = messages.without_stamp(before, after)
    if (outcome == "signed") == (less == before):
        raise Wrong(f"says {outcome}, and {'nothing' if less == before else 'something'} changed")
    if outcome == "signed":
        check(before, less, imprint.words)
    again, outcome_again, _ = imprint(after)
    if outcome_again == "signed" or messages.fields(again)[1] != messages.fields(after)[1]:
        raise Wrong("the second pass changed the body")
    return outcome if outcome == "signed" else f"left: {reason}"


def report(imprints, corpus, pool):
    """Every message of real mail, in every way; what is wrong is named."""
    files = sorted(path for path in (corpus / "mime").iterdir() if path.is_file() and path.suffix != ".json")
    good = bool(files)
    for name, imprint in imprints.items():

        def one(path, imprint=imprint):
            try:
                return checked(imprint, messages.as_sent(path.read_bytes())), None
            except Wrong as wrong:
                return "wrong", str(wrong)

        came = list(zip(files, pool.map(one, files)))
        fates = Counter(fate for _, (fate, _) in came)
        print(f"built: {name:<12} signed {fates['signed']}, left {len(files) - fates['signed'] - fates['wrong']}")
        for path, (_, sentence) in came:
            if sentence:
                print(f"  wrong {path.name}: {sentence}")
        good = good and not fates["wrong"] and fates["signed"] > len(files) / 2
    return good
