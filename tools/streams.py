"""Bodies that travel as TNEF: what may change in a stream that is signed, judged by tnefparse, and streams to sign."""

import base64
import email
import html
import re
import struct
import zlib

TYPES = ("application/ms-tnef", "application/vnd.ms-tnef")
# attBody and attMsgProps, in which the texts are.
TEXT_BODY, PROPERTIES = 0x800C, 0x9003
BODIES = (0x1000, 0x1009, 0x1013)
# The tables of a body in RTF, and what a signature adds at the end of each.
TABLES = {
    "{\\fonttbl": re.compile(r"(?:\{\\f\d+\\fnil [^{}\\;]+;\})*"),
    "{\\colortbl": re.compile(r"(?:\\red\d+\\green\d+\\blue\d+;)*"),
}
HEAD = (
    b"From: Ada Vance <ada@contoso.example>\r\nTo: bob@contoso.example\r\nSubject: plans\r\nMIME-Version: 1.0\r\n"
    b"Message-ID: <%s@contoso.example>\r\n"
)


class Stream:
    """A stream as tnefparse reads it."""

    def __init__(self, octets):
        from tnefparse import TNEF

        read = TNEF(octets, do_checksum=False)
        others = (one for one in read.objects if one.name not in (TEXT_BODY, PROPERTIES))
        self.others = [(one.level, one.type, plain(one.data)) for one in others]
        self.properties = [(one.name, plain(one.data)) for one in read.mapiprops if one.name not in BODIES]
        self.attachments = [(one.name, bytes(one.data)) for one in read.attachments]
        # What it calls the body may be the preview, which has no signature.
        texts = [body for body in (read.htmlbody, read.rtfbody) if body] or [read.body]
        self.texts = [as_text(body) for body in texts if body]


def plain(data):
    """Rows of properties as their names and values."""
    return [[(one.name, plain(one.data)) for one in row] for row in data] if is_rows(data) else data


def is_rows(data):
    return isinstance(data, list) and all(isinstance(row, list) for row in data)


def as_text(body):
    body = body[0] if isinstance(body, list) else body
    return (decoded(body) if isinstance(body, bytes) else body).rstrip("\0")


def decoded(octets):
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        return octets.decode("latin-1")


def differences(before, after, is_one_more, words):
    """What is wrong with the signed stream, in a sentence; None when all is well."""
    old, new = Stream(before), Stream(after)
    for name in ("others", "properties", "attachments"):
        if getattr(old, name) != getattr(new, name):
            return f"the {name} of the stream changed"
    if len(old.texts) != len(new.texts) or not new.texts:
        return f"{len(old.texts)} texts became {len(new.texts)}"
    for one, two in zip(old.texts, new.texts):
        if not is_one_more(one, without_new_entries(one, two)):
            return "a text of the stream is not the old one and something more"
        # HTML wrapped in RTF says them in its markup and once more for who reads the RTF alone.
        more = times(two, words) - times(one, words)
        if more not in (1, 2):
            return f"the signature is there {more} times"
    return None


def times(text, words):
    """How often a text says the words, be it letter by letter, as markup does or as RTF does."""
    rtf = as_rtf(words)
    return html.unescape(text).count(words) + (text.count(rtf) if rtf != words else 0)


def as_rtf(words):
    """Its \\u with UTF-16 as a signed number."""
    units = ((one, struct.iter_unpack("<h", one.encode("utf-16-le"))) for one in words)
    return "".join(one if one.isascii() else "".join(f"\\u{unit}?" for (unit,) in each) for one, each in units)


def without_new_entries(before, after):
    """A body in RTF without the fonts and colours it has more than before; any other text as it is."""
    for name, entries in TABLES.items():
        old, new = group(before, name), group(after, name)
        if new.startswith(old[:-1]) and entries.fullmatch(new[len(old) - 1 : -1]):
            after = after.replace(new, old, 1)
    return after


def group(rtf, start):
    """The first group that starts so, whole; empty when there is none."""
    at, depth = rtf.find(start), 0
    for brace in re.finditer(r"\\.|[{}]", rtf[at:], re.DOTALL) if at >= 0 else ():
        depth += {"{": 1, "}": -1}.get(brace.group(), 0)
        if not depth:
            return rtf[at : at + brace.end()]
    return ""


def as_message(octets, name):
    """Mail between mailboxes of one organisation: the stream is all of it, as it is."""
    fields = b'Content-Type: application/ms-tnef; name="winmail.dat"\r\nContent-Transfer-Encoding: binary\r\n\r\n'
    return HEAD % name.encode() + fields + octets


def as_part(octets, name):
    """Mail to others: the stream stands beside plain text."""
    lines = base64.encodebytes(octets).replace(b"\n", b"\r\n")
    return (
        HEAD % name.encode()
        + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nHello\r\n--b\r\n"
        + b'Content-Type: application/ms-tnef; name="winmail.dat"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
        + lines
        + b"--b--\r\n"
    )


def in_message(message):
    """The streams of a message."""
    every = (part for part in email.message_from_bytes(message).walk() if part.get_content_type() in TYPES)
    return [part.get_payload(decode=True) or b"" for part in every]


def stored(rtf):
    """Not compressed (MS-OXRTFCP section 2.1.3.1.5)."""
    return struct.pack("<IIII", len(rtf) + 12, len(rtf), 0x414C454D, 0) + rtf


def compressed(rtf):
    """In the compressed format, of literals alone (MS-OXRTFCP section 2.1.3.1.4). ytnef reads no other."""
    runs = b"".join(b"\0" + rtf[at : at + 8] for at in range(0, len(rtf) - 7, 8))
    left = rtf[len(rtf) & ~7 :]
    # The end is a reference to the place where the next octet would be written; 207 octets are there from the start.
    end = struct.pack(">H", ((207 + len(rtf)) & 0xFFF) << 4)
    runs += bytes([1 << len(left)]) + left + end
    check = ~zlib.crc32(runs, 0xFFFFFFFF) & 0xFFFFFFFF
    return struct.pack("<IIII", len(runs) + 12, len(rtf), 0x75465A4C, check) + runs


def around_rtf(rtf, form=stored):
    """A stream whose one property is this body."""
    value = form(rtf)
    data = struct.pack("<IHHII", 1, 0x0102, 0x1009, 1, len(value)) + value + b"\0" * (-len(value) % 4)
    attribute = struct.pack("<BII", 1, 0x00069003, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)
    return struct.pack("<IH", 0x223E9F78, 1) + attribute
