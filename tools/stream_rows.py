"""CORPUS/tnef, CORPUS/rtf and the streams within CORPUS/mime through Signet: judged by tnefparse (messages.py), by ytnef
and, where the body is RTF with another text in it, by RTFDE."""

from collections import Counter

import messages
import outside_tnef
import rich_text
import streams
from table import shown


def rows(corpus):
    """(kind, name, message): each stream as all of a message and as a part of one."""
    for path in sorted(corpus.glob("tnef/*.tnef")):
        yield "tnef", f"{path.name} message", streams.as_message(path.read_bytes(), path.stem)
        yield "tnef", f"{path.name} part", streams.as_part(path.read_bytes(), path.stem)
    for path in sorted(corpus.glob("rtf/*.rtf")):
        rtf = path.read_bytes()
        yield "rtf", f"{path.name} message", streams.as_message(streams.around_rtf(rtf), path.stem)
        yield "rtf", f"{path.name} part", streams.as_part(streams.around_rtf(rtf, streams.compressed), path.stem)
    for path in sorted(corpus.glob("mime/*.eml")):
        message = messages.as_sent(path.read_bytes())
        if b"ms-tnef" in message.lower() and streams.in_message(message):
            yield "mail", path.name, message


def judge(imprint, message, wrapped):
    """Raises Wrong, or says what became of the message and what the two others could make of its streams. RTFDE, which
    takes seconds, is asked when `wrapped`."""
    fate, after = messages.checked(imprint, message)
    found = []
    for old, new in zip(streams.in_message(message), streams.in_message(after)):
        complaint = outside_tnef.check(old, new, imprint.words)
        same = old == new
        if complaint == outside_tnef.STORED:
            found.append(("ytnef", f"{complaint}: all else the same", None))
        else:
            found.append(("ytnef", "cannot read before" if complaint else "same" if same else "signature", complaint))
        # What was not signed is not opened: there are streams that tnefparse cannot bear.
        kind = rich_text.check(old, new, imprint.words) if wrapped and not same else None
        if kind:
            good = kind in ("html", "text")
            found.append(("RTFDE", f"signature in {kind}" if good else "cannot read before", None if good else kind))
    return fate, found


def report(imprints, corpus, pool, everything):
    every = list(rows(corpus))

    def one(row):
        fates, found, wrong = [], [], []
        for name, imprint in imprints.items():
            try:
                fate, opinions = judge(imprint, row[2], not row[1].endswith(" part"))
                fates.append(fate)
                found += opinions
            except messages.Wrong as sentence:
                wrong.append(f"{name}: {sentence}")
        # A body in TNEF can say every letter, whatever its charset: no signature is a reason to leave it.
        if fates[:1] == ["signed"] and fates[1:] not in ([], ["signed"]):
            wrong.append(f"signed in ASCII, otherwise {fates[1]}")
        return fates[0] if fates and not wrong else "wrong", found, wrong

    wrong, fates, opinions, unread = [], Counter(), Counter(), {}
    for (kind, name, _), (fate, found, sentences) in zip(every, pool.map(one, every)):
        fates[kind, fate] += 1
        wrong += [(name, sentence) for sentence in sentences]
        for oracle, opinion, complaint in found:
            opinions[kind, oracle, opinion] += 1
            if complaint:
                unread.setdefault((oracle, name.split()[0]), complaint)
    for kind in ("tnef", "rtf", "mail"):
        told = ", ".join(f"{fate} {count}" for (of, fate), count in fates.most_common() if of == kind)
        print(f"streams: {kind:<4} {told}")
        for oracle in ("ytnef", "RTFDE"):
            told = [f"{say} {count}" for (of, by, say), count in opinions.most_common() if (of, by) == (kind, oracle)]
            print(f"streams: {kind:<4} {oracle}: {', '.join(told) or 'nothing to read'}")
    for (oracle, name), complaint in sorted(unread.items()):
        print(f"  {oracle} cannot read, before as after: {name}: {complaint[:110]}")
    shown("wrong", wrong, everything)
    short = list(blind(opinions))
    for oracle in short:
        print(f"streams: TOO FEW: {oracle} reads hardly anything")
    return bool(every) and not wrong and not short


def blind(opinions):
    """Those that could read so little that nothing follows from what they say."""
    for oracle in ("ytnef", "RTFDE"):
        counts = {say: 0 for say in ("cannot read before", "any")}
        for (_, by, say), count in opinions.items():
            if by == oracle:
                counts[say if say in counts else "any"] += count
        if counts["any"] <= 2 * counts["cannot read before"]:
            yield oracle
