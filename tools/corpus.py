#!/usr/bin/env python3
"""Puts real mail through `signet imprint` and checks that nothing but the signature changed. Run by `make corpus`.

corpus.py [--signet PROGRAM] [--edge] [--list] [--least-signed 95] [--least-plain 99] [--least-html 97] CORPUS

CORPUS/mime holds whole messages. Each goes through twice, with a signature in ASCII and with one that is not, and is
judged by Python's own e-mail parser:
  - the program ends well and in time;
  - a message that was left is the same octets below the one field that is added on top;
  - in a signed one every header field is the same octets, every part that was not signed too, and every text that
    was, decoded, is the old text with the signature in one place, once;
  - a second pass signs nothing;
  - of the messages that can be signed (a text body that nothing protects, no defect the parser sees) enough are.
With signatures that change how a message is built (pictures.py) every leaf of it is there as before, and all that is shown.
What its sender signed by S/MIME or OpenPGP (signed_rows.py) must be to openssl and gpg what it was before, in CORPUS/mime
and in mails of our own that are signed here and now, which must verify.
CORPUS/tnef holds streams of TNEF, CORPUS/rtf bodies in RTF (stream_rows.py): each goes through as a whole message and as a
part beside plain text; tnefparse and ytnef must see the same attributes, properties and attachments, and the texts with the
signature; of HTML and text within RTF, RTFDE must see them with the signature.
CORPUS/separators.json holds the words by which mail programs introduce quoted text, by language: all templates, filled
in, must have the signature above them.
Mails of our own, in every shape that programs of mail give them and in twelve languages (clients.py, plain_clients.py,
rich_text.py), must all have the signature at the place that is written into them, and html5lib must see the same tree with
one element more; and `signet explain` must tell first mails, answers and forwards apart.
CORPUS/replies holds bodies of replies and forwards and the range in which the signature belongs (replies.py): enough must
have it there, all negatives (mails that quote nothing, however much they look so) among them; every miss is named.
Programs and parsers of others that run on their own have little memory and little time (outside.py). The figures are printed
by kind and client, what is wrong by file. Exit 0 when all holds, 1 when not.
"""

import argparse
import itertools
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import clients
import locales
import outside
import pictures
import plain_clients
import relay
import replies
import rich_text
import signed_rows
import stream_rows
from messages import STAMP, Wrong, as_sent, can_be_signed, check_message, fields, insertion, is_signature
from messages import takes_additions, without_stamp
from replies import REPLY
from table import percent, shown

SECONDS = 20
RECEIVED = re.compile(rb"Received:[^\r\n]*\r\n(?:[ \t][^\r\n]*\r\n)*", re.IGNORECASE)
# The signature's text in each run. The second makes a charset grow where it cannot say it.
SIGNATURES = {"ascii": "Signed-by-Ada-Vance", "unicode": "Signed-by-Zo\u00eb-\u0160tefan-\u2713"}


class Imprint:
    """`signet imprint`, with one signature."""

    def __init__(self, program, folder, name, words, html=None, more=()):
        self.words = words
        fragment, plain = Path(folder, f"{name}.html"), Path(folder, f"{name}.txt")
        fragment.write_text(html or f"<p>{words}</p>", encoding="utf-8")
        plain.write_text(words, encoding="utf-8")
        self.command = [program, "imprint", "--html", str(fragment), "--plain", str(plain), *more]

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


class Relay:
    """A running edge, asked like `signet imprint`. What it adds above the stamp is taken off and must be one field."""

    def __init__(self, edge, words):
        self.edge, self.words = edge, words
        self.numbers = itertools.count()

    def __call__(self, message):
        recipient = f"m{next(self.numbers)}@fabrikam.example"
        sender = relay.Sender(self.edge.port)
        try:
            reply = sender.send(recipient, message)
        except (OSError, relay.Failed) as error:
            raise Wrong(str(error)) from None
        finally:
            sender.close()
        taken = self.edge.sink.taken(recipient)
        if not reply.startswith(b"250") or len(taken) != 1:
            raise Wrong(f"the sender was told {reply.strip().decode()!r}, the next hop took {len(taken)}")
        after = taken[0]
        if takes_additions(message):
            stamp = STAMP.match(after)
            start = stamp.end() if stamp else 0
            received = RECEIVED.match(after, start)
            if not received:
                raise Wrong("no Received on top")
            after = after[:start] + after[received.end() :]
        less = without_stamp(message, after) if not STAMP.match(message) else after
        return after, "left" if less == message else "signed", None


# ---------------------------------------------------------------- whole messages


def with_our_author(message):
    """The message as a person of the edge's tenant would have written it: another From, all else the same."""
    if not takes_additions(message):
        return message
    every, body = fields(message)
    others = [field for field in every if field.partition(b":")[0].strip().lower() != b"from"]
    return b"\r\n".join([b"From: Ada Vance <" + relay.PERSON.encode() + b">", *others]) + b"\r\n\r\n" + body


def run_messages(imprints, files, pool, prepare=lambda message: message):
    """Counts over a list of files: (wrong: [(file, sentence)], could be signed, was signed, fates)."""

    def one(path):
        message = prepare(as_sent(path.read_bytes()))
        sentences, fate = [], None
        for name, imprint in imprints.items():
            try:
                # The share is that of the first signature, which is ASCII: another cannot be written into a text whose
                # charset nobody knows, and such a text is rightly left.
                came = check_message(imprint, message)
                fate = fate or came
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


# ---------------------------------------------------------------- the whole


def report_messages(arguments, label, imprints, pool, least, **how):
    folder = arguments.corpus / "mime"
    files = sorted(path for path in folder.iterdir() if path.is_file() and path.suffix != ".json")
    wrong, could, did, fates, missed = run_messages(imprints, files, pool, **how)
    print(f"{label}: {len(files)} messages, {len({name for name, _ in wrong})} wrong")
    print(f"{label}: {did}/{could} that can be signed were = {percent(did, could):.1f} %")
    print(f"{label}: " + ", ".join(f"{fate} {count}" for fate, count in fates.most_common()))
    shown("wrong", wrong, arguments.list)
    if arguments.list:
        shown("left", missed, True)
    return bool(files) and not wrong and percent(did, could) >= least


def report_edge(arguments, folder, pool):
    words = SIGNATURES["ascii"]
    with relay.Edge(arguments.signet, folder, words) as edge:
        imprints = {"edge": Relay(edge, words)}
        return report_messages(arguments, "edge", imprints, pool, arguments.least_signed, prepare=with_our_author)


def report_languages(arguments, imprints, pool):
    """Templates of every language; what is missed is named."""
    imprint = imprints["ascii"]
    rows = list(locales.bodies(arguments.corpus))

    def one(numbered):
        number, (_, body, (low, high)) = numbered
        after, outcome, _ = imprint(REPLY.format(id=f"language{number}", subtype="plain").encode() + body)
        ways = insertion(body, fields(after)[1]) if outcome == "signed" else []
        ways = (way for way in ways if is_signature(way[1].decode("utf-8", "replace"), imprint.words))
        return any(low <= offset <= high for offset, _ in ways)

    figures, missed = defaultdict(lambda: [0, 0]), []
    for (name, _, _), right in zip(rows, pool.map(one, enumerate(rows))):
        for key in ("all", name[0]):
            figures[key][0] += right
            figures[key][1] += 1
        if not right:
            missed.append((f"{name[0]} {name[1]}", f"{name[2]}: {name[3]!r}"))
    for program, (right, every) in sorted(figures.items(), key=lambda one: (one[0] != "all", one[0])):
        print(f"languages: {program:<18} {right:>4}/{every:<4} {percent(right, every):5.1f} %")
    shown("missed", missed, arguments.list)
    return percent(*figures["all"]) >= arguments.least_languages


# Nothing that is seen: lines may be empty above the quoted text.
EMPTY = re.compile(
    r"(?:\s|&nbsp;|<br\b[^<>]*>|<(div|p)\b[^<>]*>(?:\s|&nbsp;|<br\b[^<>]*>|</?(?:o:p|span)\b[^<>]*>)*</\1>)*", re.IGNORECASE
)


def with_signature(imprint, name, subtype, text):
    """The text as it came back, and where in it the signature may be said to begin."""
    after, outcome, reason = imprint(clients.head(name, subtype) + text.encode())
    if outcome != "signed":
        raise Wrong(f"{outcome} ({reason})")
    after = fields(after)[1].decode()
    return after, [offset for offset, piece in insertion(text, after) if is_signature(piece, imprint.words)]


def check_plain_client(imprint, name, text, place):
    """Raises Wrong unless the signature stands above what is quoted and under all else."""
    _, ways = with_signature(imprint, name, "plain", text)
    if not any(offset <= place and not text[offset:place].strip() for offset in ways):
        raise Wrong(f"at {ways[:1]}, belongs at {place}")


def check_client(imprint, name, html, place):
    """Raises Wrong unless the signature stands where the mail says, and is all that is new in the tree."""
    import trees

    after, ways = with_signature(imprint, name, "html", html)
    # Where nothing was written above, the place may be outside of what would have held it.
    empty = re.compile(r"(?:\s|<[^<>]*>)*") if name[1].endswith("nothing") else EMPTY
    if not any(offset <= place and empty.fullmatch(html[offset:place]) for offset in ways):
        raise Wrong(f"at {ways[:1]}, belongs at {place}")
    sentence = trees.difference(html, after, imprint.words)
    if sentence:
        raise Wrong(sentence)


# How the rows of each grammar are checked, and what they are called. Of a stream no kind is asked.
GRAMMARS = [
    (clients, check_client, "html"),
    (plain_clients, check_plain_client, "plain"),
    (rich_text, rich_text.check_place, "rtf"),
]
KINDS = ("first", "reply", "forward")


class Kinds:
    """Whether `signet explain` takes a message for a first one, an answer or a forward: each gets another signature."""

    def __init__(self, program, folder):
        self.folder = folder
        blocks = [{"type": "text", "lines": [["Ada"]]}]
        signatures = [
            {"id": kind, "name": kind, "enabled": True, "applies": {"message": {"kinds": [kind]}}}
            | {"design": {"version": 1, "blocks": blocks}}
            for kind in KINDS
        ]
        person = {"id": "ada", "addresses": ["ada@contoso.example"], "attributes": {}}
        tenant = {"signet": 1, "id": "contoso", "name": "Contoso", "domains": ["contoso.example"], "mode": "live"}
        tenant |= {"people": [person], "signatures": signatures}
        Path(folder, "tenant.json").write_text(json.dumps(tenant), encoding="utf-8")
        self.command = [program, "explain", "--tenant-file", f"{folder}/tenant.json", "--to", "bob@example.org", "--json"]

    def check(self, name, number, message):
        file = Path(self.folder, f"kind{number}.eml")
        file.write_bytes(message)
        done = subprocess.run([*self.command, "--message", str(file)], capture_output=True, timeout=SECONDS)
        file.unlink()
        found = json.loads(done.stdout)["signatures"] if done.returncode == 0 else done.stderr.decode("utf-8", "replace")
        wanted = "reply" if name[2] == "deep" else name[2]
        if found != [wanted]:
            raise Wrong(f"taken for {found}")


def report_clients(arguments, imprints, kinds, pool):
    rows = [(check, body, *row) for grammar, check, body in GRAMMARS for row in grammar.mails()]

    def one(numbered):
        number, (check, body, name, text, place) = numbered
        try:
            check(imprints["ascii"], name, text, place)
            # The shape alone makes the kind, not what is special in one of its mails.
            if body != "rtf" and "," not in name[1]:
                kinds.check(name, number, clients.head(name, body) + text.encode())
        except Wrong as wrong:
            return str(wrong)
        return None

    figures, wrong = defaultdict(lambda: [0, 0]), []
    for (_, body, (client, shape, kind, language), _, _), sentence in zip(rows, pool.map(one, enumerate(rows))):
        for key in ((body, "all", ""), (body, client, kind)):
            figures[key][0] += sentence is None
            figures[key][1] += 1
        if sentence:
            wrong.append((f"{body} {shape}", f"{kind} in {language}: {sentence}"))
    for (body, client, kind), (right, every) in sorted(figures.items(), key=lambda one: (one[0][1] != "all", one[0])):
        print(f"clients: {body:<5} {client:<19} {kind:<8} {right:>4}/{every:<4} {percent(right, every):5.1f} %")
    shown("wrong", wrong, arguments.list)
    return bool(rows) and not wrong


def report_replies(arguments, imprints, pool):
    folder = arguments.corpus / "replies"
    least = {"plain": arguments.least_plain, "html": arguments.least_html}
    good = replies.report(imprints["ascii"], folder, pool, least)
    # All others, whole messages included, only must not be harmed.
    others = sorted(path for path in folder.iterdir() if path.suffix == ".eml")
    harmed = run_messages(imprints, others, pool)[0]
    shown("wrong", harmed, arguments.list)
    return good and not harmed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--signet", default="target/debug/signet", help="the program (default: %(default)s)")
    parser.add_argument("--edge", action="store_true", help="also send the messages through a running edge")
    parser.add_argument("--list", action="store_true", help="every file that is wrong, not the first ten")
    parser.add_argument("--least-signed", type=float, default=95, metavar="PERCENT")
    parser.add_argument("--least-plain", type=float, default=99, metavar="PERCENT", help="of the replies in plain text")
    parser.add_argument("--least-html", type=float, default=97, metavar="PERCENT", help="of the replies in HTML")
    parser.add_argument("--least-languages", type=float, default=100, metavar="PERCENT")
    arguments = parser.parse_args()
    if not (arguments.corpus / "mime").is_dir():
        parser.error(f"there is no folder {arguments.corpus}/mime")
    if missing := outside.missing():
        parser.error(f"please install: {' '.join(missing)} (make corpus does)")
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(os.cpu_count()) as pool:
        imprints = {name: Imprint(arguments.signet, folder, name, words) for name, words in SIGNATURES.items()}
        good = [
            report_messages(arguments, "mime", imprints, pool, arguments.least_signed),
            pictures.report(pictures.imprints(partial(Imprint, arguments.signet), folder), arguments.corpus, pool),
            signed_rows.report(imprints, arguments.corpus, pool, arguments.list),
            stream_rows.report(imprints, arguments.corpus, pool, arguments.list),
            report_languages(arguments, imprints, pool),
            report_clients(arguments, imprints, Kinds(arguments.signet, folder), pool),
            report_replies(arguments, imprints, pool),
        ]
        if arguments.edge:
            good.append(report_edge(arguments, folder, pool))
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
