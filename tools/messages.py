"""What may change in a message that is signed, and what may not: the rules of tools/corpus.py, judged by Python's e-mail
parser.
"""

import email
import html
import os
import re
from collections import Counter

import streams

STAMP = re.compile(rb"X-Signet-Stamp:[^\r\n]*\r\n(?:[ \t][^\r\n]*\r\n)*", re.IGNORECASE)
FIELD = re.compile(rb"[!-9;-~]+[ \t]*:")
TEXTS = ("text/plain", "text/html")


class Wrong(Exception):
    """What is wrong with one message, in one sentence."""


# ---------------------------------------------------------------- one insertion


def insertion(before, after):
    """Where `after` has one piece more than `before`: [(offset, piece), …], each a way to see the same edit; empty when
    it is something else. The ways differ when the piece begins like what follows it."""
    head = len(os.path.commonprefix((before, after)))
    tail = len(os.path.commonprefix((before[head:][::-1], after[head:][::-1])))
    if head + tail < len(before) or len(after) == len(before):
        return []
    piece = after[head : len(after) - tail]
    ways = [(head, piece)]
    while head and before[head - 1 : head] == piece[-1:]:
        piece = piece[-1:] + piece[:-1]
        head -= 1
        ways.append((head, piece))
    return ways


def is_signature(piece, words):
    """The words once, and besides only tags and white space. HTML may say a letter by its number."""
    seen = html.unescape(re.sub(r"<[^<>]*>", "", piece))
    return seen.count(words) == 1 and seen.strip(" \t\r\n\xa0") == words


def signature_ways(before, after, words):
    return [(offset, piece) for offset, piece in insertion(before, after) if is_signature(piece, words)]


# ---------------------------------------------------------------- whole messages


def as_sent(stored):
    """The message as SMTP would carry it: CRLF lines, without the line an mbox file puts before it."""
    message = re.sub(rb"\r?\n", b"\r\n", stored)
    return message.partition(b"\r\n")[2] if message.startswith(b"From ") else message


def fields(message):
    """The raw header fields, folded lines joined to theirs, and the body."""
    head, _, body = message.partition(b"\r\n\r\n")
    return re.split(rb"\r\n(?![ \t])", head), body


def takes_additions(message):
    """A message that does not begin with a field, or whose header has no end, gets nothing on top."""
    return bool(FIELD.match(message)) and b"\r\n\r\n" in message


def without_stamp(before, after):
    """The output less the field on top."""
    if not takes_additions(before):
        return after
    stamp = STAMP.match(after)
    if not stamp:
        raise Wrong("no X-Signet-Stamp on top")
    return after[stamp.end() :]


def parts(message):
    """Every part, containers too, in order; what is inside an attached message is not looked into here."""
    found = []
    waiting = [message]
    while waiting:
        part = waiting.pop()
        found.append(part)
        if part.is_multipart() and part.get_content_maintype() == "multipart":
            waiting.extend(reversed(part.get_payload()))
    return found


def text(part):
    """Decoded as mail programs do: Latin 1 means Windows 1252, ASCII and nothing mean UTF-8 where it is that. Octets that
    are not of the charset stay what they are."""
    octets = part.get_payload(decode=True) or b""
    charset = (part.get_content_charset() or "us-ascii").lower()
    if charset in ("us-ascii", "ascii"):
        try:
            return octets.decode("utf-8")
        except UnicodeDecodeError:
            charset = "cp1252"
    try:
        return octets.decode("cp1252" if charset in ("iso-8859-1", "latin1") else charset, "surrogateescape")
    except (LookupError, UnicodeDecodeError):
        return octets.decode("latin-1")


def raw(part):
    """All that a part says, for comparison: header, text around its own parts, and the body as it stands."""
    body = None if part.get_content_maintype() == "multipart" and part.is_multipart() else part.get_payload()
    if isinstance(body, list):
        body = [raw(inner) for inner in body]
    return part.items(), body, part.preamble, part.epilogue


def kept_fields(part):
    """What may not change even in a part that was signed: all but the encoding, and the charset of the type."""
    fixed = [item for item in part.items() if item[0].lower() not in ("content-type", "content-transfer-encoding")]
    parameters = [one for one in part.get_params([], unquote=False) if one[0].lower() != "charset"]
    return fixed, part.get_content_type(), parameters[1:]


def check_signed(before, after, words):
    """Compares a signed message with the one that came."""
    old, new = email.message_from_bytes(before), email.message_from_bytes(after)
    old_fields, new_fields = fields(before)[0], fields(after)[0]
    if not old.is_multipart():
        # The body is the root itself: these three may be made to fit.
        fit = (b"content-type", b"content-transfer-encoding", b"mime-version")
        old_fields, new_fields = (
            [one for one in every if one.partition(b":")[0].strip().lower() not in fit]
            for every in (old_fields, new_fields)
        )
    if old_fields != new_fields:
        raise Wrong("header fields changed")
    was, now = parts(old), parts(new)
    if len(was) != len(now):
        raise Wrong(f"{len(was)} parts became {len(now)}")
    signed = Counter()
    for one, two in zip(was, now):
        if raw(one) == raw(two):
            continue
        kind = one.get_content_type()
        if one is old and old.is_multipart():
            if raw(one)[1:] == raw(two)[1:]:
                continue  # the fields on top were compared as octets
            raise Wrong("the text around the parts changed")
        if kind not in (*TEXTS, *streams.TYPES):
            raise Wrong(f"{kind} changed")
        if one is not old and kept_fields(one) != kept_fields(two):
            raise Wrong(f"the header of a {kind} part changed")
        if kind in streams.TYPES:
            octets = [part.get_payload(decode=True) for part in (one, two)]
            sentence = streams.differences(*octets, lambda old, new: bool(insertion(old, new)), words)
            if sentence:
                raise Wrong(sentence)
            signed[kind] += 1
            continue
        if text(one) == text(two):
            if one is old and one.get_payload() == two.get_payload():
                continue
            raise Wrong(f"a {kind} part was encoded anew and not signed")
        if not signature_ways(text(one), text(two), words):
            raise Wrong(f"{kind}: not the old text and one signature")
        signed[kind] += 1
    if not signed or max(signed.values()) > 1:
        raise Wrong(f"signed {dict(signed)}")


def protected(message):
    """Whether a rule keeps the message as it is: signatures of the sender, reports, calendars, TNEF, machines."""
    if str(message.get("Auto-Submitted", "no")).strip().lower().startswith("auto"):
        return True
    for part in message.walk():
        kind, subtype = part.get_content_type().split("/", 1)
        if kind == "message" or (kind == "multipart" and subtype in ("signed", "encrypted", "report")):
            return True
        if subtype.removeprefix("x-") in ("pkcs7-mime", "pkcs7-signature", "pgp-encrypted", "calendar", "ms-tnef"):
            return True
        if "rpmsg" in str(part.get_filename()):
            return True
        if kind == "text" and "-----BEGIN PGP" in text(part):
            return True
    return False


def can_be_signed(message):
    """A text body that nothing protects, in a message in which the parser sees no defect."""
    try:
        parsed = email.message_from_bytes(message)
        every = parts(parsed)
        bodies = [part for part in every if part.get_content_type() in TEXTS and not part.is_multipart()]
        return (
            any(part.get_content_disposition() != "attachment" and not part.get_filename() for part in bodies)
            and not any(part.defects for part in parsed.walk())
            and not protected(parsed)
        )
    except Exception:  # the parser itself gave up
        return False


def check_message(imprint, before):
    """Raises Wrong, or says what became of the message: signed or the reason why not."""
    return checked(imprint, before)[0]


def checked(imprint, before):
    """The same, and the message as it came out, without the field on top."""
    after, outcome, reason = imprint(before)
    less = without_stamp(before, after)
    if less == before:
        if outcome == "signed":
            raise Wrong("says signed, and nothing changed")
    else:
        if outcome != "signed":
            raise Wrong(f"says {outcome} ({reason}), and the message changed")
        check_signed(before, less, imprint.words)
    again, outcome_again, _ = imprint(after)
    if outcome_again == "signed" or fields(again)[1] != fields(after)[1]:
        raise Wrong("the second pass changed the body")
    # There is a reason of the same name: the sender's own signature.
    fate = reason or outcome
    return "signed by its sender" if fate == "signed" != outcome else fate, less
