"""Mail that its sender signed, by S/MIME or OpenPGP, verifies after Signet as before: that of CORPUS/mime as far as it
did, and mails of our own (fresh_mails.py), of which each does."""

import tempfile
from collections import Counter
from pathlib import Path

import fresh_mails
import messages
import signed_parts
from table import shown


def judge(imprint, message, home, fresh):
    """Raises Wrong, or says what openssl and gpg said, before as after."""
    before = signed_parts.opinions(message, home)
    if fresh and not (before and all(verdict == signed_parts.GOOD for _, verdict, *_ in before)):
        raise messages.Wrong(f"this mail of our own does not verify at all: {before}")
    if not before:
        return []
    after, _, _ = imprint(message)
    less = messages.without_stamp(message, after)
    # As the recipient has it, with the field on top; that field must not become part of what was signed.
    for seen in (after, less):
        if (sentence := changed(before, signed_parts.opinions(seen, home), whole=seen is less)) is not None:
            raise messages.Wrong(sentence)
    if less != message and any(verdict == signed_parts.GOOD for _, verdict, *_ in before):
        raise messages.Wrong("a mail that its sender signed changed")
    messages.check_message(imprint, message)
    return before


def changed(before, after, whole):
    """What is another than it was, in a sentence. The digest of S/MIME is over its fields too: it is asked only where
    the field on top is gone."""

    def compared(opinions):
        return [one if whole or one[0] != "smime" else one[:3] for one in opinions]

    for one, two in zip(compared(before), compared(after)):
        if one != two:
            return f"{one[0]}: {one[1]} before, {two[1]} after" + (", of other octets" if one[:3] == two[:3] else "")
    return None if len(before) == len(after) else f"{len(before)} signed parts became {len(after)}"


def run(imprints, mails, home, pool):
    """Counts by (of our own, kind, verdict), and what is wrong. Mails: [(name, message, of our own)]."""

    def one(mail):
        name, message, fresh = mail
        said, wrong = [], []
        for run, imprint in imprints.items():
            try:
                said = judge(imprint, message, home, fresh)
            except messages.Wrong as sentence:
                wrong.append((name, f"{run}: {sentence}"))
        return said, wrong

    counts, wrong = Counter(), []
    for (_, _, fresh), (said, sentences) in zip(mails, pool.map(one, mails)):
        wrong += sentences
        counts.update((fresh, kind, verdict) for kind, verdict, *_ in said)
    return counts, wrong


def report(imprints, corpus, pool, everything):
    with tempfile.TemporaryDirectory(prefix="gpg") as folder:
        folder = Path(folder)
        home = folder / "h"
        home.mkdir(mode=0o700)
        try:
            mails = [(*mail, True) for mail in [*fresh_mails.smime(folder), *fresh_mails.pgp(home)]]
            files = sorted(corpus.glob("mime/*.eml"))
            mails += [(path.name, messages.as_sent(path.read_bytes()), False) for path in files]
            counts, wrong = run(imprints, mails, home, pool)
        finally:
            fresh_mails.ended(home)
    for whose, label in ((True, "our own"), (False, "corpus")):
        told = ", ".join(f"{kind} {verdict} {count}" for (of, kind, verdict), count in sorted(counts.items()) if of == whose)
        print(f"signed: {label:<8} {told}, each after as before")
    shown("wrong", wrong, everything)
    return not wrong and any(fresh for fresh, _, _ in counts)
