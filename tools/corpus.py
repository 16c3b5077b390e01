#!/usr/bin/env python3
"""Puts real mail through `signet imprint` and checks that nothing but the signature changed. Run by `make corpus`.

corpus.py [--signet PROGRAM] [--list] [--least-signed 95] [--least-placed 85] CORPUS

CORPUS/mime holds whole messages. Each goes through twice, with a signature in ASCII and with one that is not, and is
judged by Python's own e-mail parser:
  - the program ends well and in time;
  - a message that was left is the same octets below the one field that is added on top;
  - in a signed one every header field is the same octets, every part that was not signed too, and every text that
    was, decoded, is the old text with the signature in one place, once;
  - a second pass signs nothing;
  - of the messages that can be signed (a text body that nothing protects, no defect the parser sees) enough are.
CORPUS/replies holds bodies of replies and forwards and the range in which the signature belongs: enough must have it
there. The figures are printed by kind and client, what is wrong by file. Exit 0 when all holds, 1 when not.
"""
import argparse
import bisect
import email
import html
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

SECONDS = 20
STAMP = re.compile(rb"X-Signet-Stamp:[^\r\n]*\r\n(?:[ \t][^\r\n]*\r\n)*", re.I)
FIELD = re.compile(rb"[!-9;-~]+[ \t]*:")
# The signature's text in each run. The second makes a charset grow where it cannot say it.
SIGNATURES = {"ascii": "Signed-by-Ada-Vance", "unicode": "Signed-by-Zo\u00eb-\u0160tefan-\u2713"}
TEXTS = ("text/plain", "text/html")


class Wrong(Exception):
    """What is wrong with one message, in one sentence."""


class Imprint:
    """`signet imprint`, with one signature."""

    def __init__(self, program, folder, name, words):
        self.words = words
        fragment, plain = Path(folder, f"{name}.html"), Path(folder, f"{name}.txt")
        fragment.write_text(f"<p>{words}</p>", encoding="utf-8")
        plain.write_text(words, encoding="utf-8")
        self.command = [program, "imprint", "--html", str(fragment), "--plain", str(plain)]

    def __call__(self, message):
        """The message as it came out, and the outcome line."""
        try:
            done = subprocess.run(self.command, input=message, capture_output=True, timeout=SECONDS)
        except subprocess.TimeoutExpired:
            raise Wrong(f"no end within {SECONDS} s") from None
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        if done.returncode:
            raise Wrong(f"exit {done.returncode}: {lines[-1:]}")
        try:
            outcome = json.loads(lines[-1])
            return done.stdout, outcome["outcome"], outcome["reason"]
        except (IndexError, KeyError, TypeError, ValueError):
            raise Wrong(f"no outcome line: {lines[-1:]}") from None


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


def without_stamp(before, after):
    """The output less the field on top; a message that does not begin with a field, or whose header has no end, gets
    none."""
    if not FIELD.match(before) or b"\r\n\r\n" not in before:
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
        if kind not in TEXTS:
            raise Wrong(f"{kind} changed")
        if one is not old and kept_fields(one) != kept_fields(two):
            raise Wrong(f"the header of a {kind} part changed")
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
    return reason or outcome


def run_messages(imprints, files, pool):
    """Counts over a list of files: (wrong: [(file, sentence)], could be signed, was signed, fates)."""

    def one(path):
        message = as_sent(path.read_bytes())
        sentences, fate = [], None
        for name, imprint in imprints.items():
            try:
                fate = check_message(imprint, message)
            except Wrong as wrong:
                sentences.append((path.name, f"{name}: {wrong}"))
        return sentences, can_be_signed(message), fate

    wrong, could, did, fates, missed = [], 0, 0, Counter(), []
    for path, (sentences, signable, fate) in zip(files, pool.map(one, files)):
        wrong += sentences
        fates[fate or "wrong"] += 1
        could += signable
        did += signable and fate == "signed"
        if signable and fate != "signed":
            missed.append((path.name, f"could be signed: {fate}"))
    return wrong, could, did, fates, missed


# ---------------------------------------------------------------- replies

REPLY = (
    "From: Ada Vance <ada@contoso.example>\r\nTo: bob@example.org\r\nSubject: Re: plans\r\n"
    "Message-ID: <{id}@contoso.example>\r\nIn-Reply-To: <earlier@example.org>\r\n"
    "Date: Sat, 21 Nov 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\n"
    "Content-Type: text/{subtype}; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
)


def check_place(imprint, row, stored):
    """Raises Wrong unless the signature stands in the row's range."""
    subtype = "html" if row["kind"] == "html" else "plain"
    # Where CRLF was made of LF, to lead an offset back to the stored file.
    added = [at.start() for at in re.finditer(rb"(?<!\r)\n", stored)]
    grown = [at + number for number, at in enumerate(added)]
    body = re.sub(rb"(?<!\r)\n", b"\r\n", stored)
    after, outcome, reason = imprint(REPLY.format(id=row["id"], subtype=subtype).encode() + body)
    if outcome != "signed":
        raise Wrong(f"{outcome} ({reason})")
    ways = insertion(body, fields(after)[1])
    ways = [(offset, piece) for offset, piece in ways if is_signature(piece.decode("utf-8", "replace"), imprint.words)]
    if not ways:
        raise Wrong("not the old body and one signature")
    offsets = [offset - bisect.bisect_left(grown, offset) for offset, _ in ways]
    ranges = [row["interval"], row.get("interval_max") or row["interval"]]
    low, high = min(one[0] for one in ranges), max(one[1] for one in ranges)
    first, last = min(offsets), max(offsets)
    if last >= low and first <= high:
        return
    between = stored[last:low] if last < low else stored[high:first]
    if subtype == "html":
        # Within HTML only what can be seen between the place and the range counts.
        between = re.sub(rb"<[^>]*>|<[^>]*$|^[^<]*>|&nbsp;", b"", between)
        if not between.strip(b" \t\r\n>\xef\xbb\xbf\xc2\xa0"):
            return
    raise Wrong(f"at {last}, belongs in {low}..{high}")


def run_replies(imprint, folder, pool):
    """Right and all by (kind, client), and what is wrong."""
    rows = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    rows = [row for row in rows if row.get("score") and row["kind"] in ("plain", "html")]

    def one(row):
        try:
            check_place(imprint, row, (folder / Path(row["file"]).name).read_bytes())
        except Wrong as wrong:
            return str(wrong)
        return None

    figures, wrong = defaultdict(lambda: [0, 0]), []
    for row, sentence in zip(rows, pool.map(one, rows)):
        for key in ((row["kind"], "all"), (row["kind"], row["client"] or "unnamed")):
            figures[key][0] += sentence is None
            figures[key][1] += 1
        if sentence:
            wrong.append((row["file"], f"{row['task']}: {sentence}"))
    return figures, wrong


# ---------------------------------------------------------------- the whole


def percent(right, every):
    return 100 * right / every if every else 0.0


def shown(label, rows, everything):
    for name, sentence in rows if everything else rows[:10]:
        print(f"  {label} {name}: {sentence}")
    if len(rows) > 10 and not everything:
        print(f"  {label} … and {len(rows) - 10} more (--list)")


def report_messages(arguments, imprints, pool):
    folder = arguments.corpus / "mime"
    files = sorted(path for path in folder.iterdir() if path.is_file() and path.suffix != ".json")
    wrong, could, did, fates, missed = run_messages(imprints, files, pool)
    print(f"mime: {len(files)} messages, {len({name for name, _ in wrong})} wrong")
    print(f"mime: {did}/{could} that can be signed were = {percent(did, could):.1f} %")
    print("mime: " + ", ".join(f"{fate} {count}" for fate, count in fates.most_common()))
    shown("wrong", wrong, arguments.list)
    if arguments.list:
        shown("left", missed, True)
    return bool(files) and not wrong and percent(did, could) >= arguments.least_signed


def report_replies(arguments, imprints, pool):
    folder = arguments.corpus / "replies"
    figures, wrong = run_replies(imprints["ascii"], folder, pool)
    good = bool(figures)
    for (kind, client), (right, every) in sorted(figures.items(), key=lambda one: (one[0][0], one[0][1] != "all", one[0][1])):
        print(f"replies: {kind:<6} {client:<18} {right:>4}/{every:<4} {percent(right, every):5.1f} %")
        good = good and (client != "all" or percent(right, every) >= arguments.least_placed)
    shown("place", wrong, arguments.list)
    # All others, whole messages included, only must not be harmed.
    others = sorted(path for path in folder.iterdir() if path.suffix == ".eml")
    harmed = run_messages(imprints, others, pool)[0]
    shown("wrong", harmed, arguments.list)
    return good and not harmed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--signet", default="target/debug/signet", help="the program (default: %(default)s)")
    parser.add_argument("--list", action="store_true", help="every file that is wrong, not the first ten")
    parser.add_argument("--least-signed", type=float, default=95, metavar="PERCENT")
    parser.add_argument("--least-placed", type=float, default=85, metavar="PERCENT", help="for plain and html each")
    arguments = parser.parse_args()
    if not (arguments.corpus / "mime").is_dir():
        parser.error(f"there is no folder {arguments.corpus}/mime")
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(os.cpu_count()) as pool:
        imprints = {name: Imprint(arguments.signet, folder, name, words) for name, words in SIGNATURES.items()}
        good = [report_messages(arguments, imprints, pool), report_replies(arguments, imprints, pool)]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
