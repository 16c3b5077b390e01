"""Bodies of real replies, forwards and mails that quote nothing (CORPUS/replies): whether the signature stands where it
belongs, by client, locale and task."""

import bisect
import json
import re
from pathlib import Path

from messages import Wrong, fields, insertion, is_signature
from table import Table, shown

REPLY = (
    "From: Ada Vance <ada@contoso.example>\r\nTo: bob@example.org\r\nSubject: Re: plans\r\n"
    "Message-ID: <{id}@contoso.example>\r\nIn-Reply-To: <earlier@example.org>\r\n"
    "Date: Sat, 21 Nov 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\n"
    "Content-Type: text/{subtype}; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
)
# What the corpus calls them, and what they are called here. Where nothing is quoted, however much it looks so, the
# signature belongs at the end: these must all be right.
NEGATIVE = "negative"
TASKS = {"top_reply": "reply", "quote_only": "quote alone", "no_quote": NEGATIVE}

# Rows of which the corpus and the facts say different things: where the signature stands, and why there.
DISPUTED = {
    "email-reply-parser-email-italian-txt-da7b5655.txt": (
        500,
        "“In data 11 ottobre 2017 … ha scritto:” is how an Italian program begins what it quotes, with or without >",
    ),
    "emailreplyparser-email-23-txt-70a5052a.txt": (
        500,
        "the Ukrainian “29 грудня 2017 р. о 19:09 <…> написав:” belongs to the quote; the corpus has the place below it",
    ),
    "emailreplyparser-email-23-1-txt-d2d31f34.txt": (518, "the same mail, one paragraph longer"),
    "email-reply-trimmer-usenet-txt-347ba4bf.txt": (
        152,
        "nothing is quoted, and a trailer of the author’s own below `--` stays above the signature",
    ),
}


def check_place(imprint, row, stored):
    """Raises Wrong unless the signature stands in the row's range, and in HTML beside the tags, not in one."""
    subtype = "html" if row["kind"] == "html" else "plain"
    # Where CRLF was made of LF, to lead an offset back to the stored file.
    added = [at.start() for at in re.finditer(rb"(?<!\r)\n", stored)]
    grown = [at + number for number, at in enumerate(added)]
    body = re.sub(rb"(?<!\r)\n", b"\r\n", stored)
    after, outcome, reason = imprint(REPLY.format(id=row["id"], subtype=subtype).encode() + body)
    if outcome != "signed":
        raise Wrong(f"{outcome} ({reason})")
    after = fields(after)[1]
    ways = insertion(body, after)
    ways = [(offset, piece) for offset, piece in ways if is_signature(piece.decode("utf-8", "replace"), imprint.words)]
    if not ways:
        raise Wrong("not the old body and one signature")
    if subtype == "html":
        import trees

        sentence = trees.difference(body.decode("utf-8", "replace"), after.decode("utf-8", "replace"), imprint.words)
        if sentence:
            raise Wrong(sentence)
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


def run(imprint, folder, pool):
    """The table of all rows, that of the rows nobody disputes, what is wrong, and what is disputed."""
    rows = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    rows = [row for row in rows if row.get("score") and row["kind"] in ("plain", "html")]

    def one(row):
        try:
            check_place(imprint, row, (folder / Path(row["file"]).name).read_bytes())
        except Wrong as wrong:
            return str(wrong)
        return None

    table, judged, wrong, disputed = Table(), Table(), [], []
    for row, sentence in zip(rows, pool.map(one, rows)):
        client, locale = (row.get(name) or "unnamed" for name in ("client", "locale"))
        task = TASKS.get(row["task"], row["task"])
        table.add(not sentence, row["kind"], task=task, client=client, locale=locale)
        at, why = DISPUTED.get(Path(row["file"]).name, (None, ""))
        if sentence and sentence.startswith(f"at {at},"):
            disputed.append((row["file"], f"{sentence}: {why}"))
            continue
        judged.add(not sentence, row["kind"], task=task)
        if sentence:
            wrong.append((row["file"], f"{row['kind']}, {client}, {locale}, {task}: {sentence}"))
    return table, judged, wrong, disputed


def enough(table, least):
    """What falls short, in sentences; `least` says the percent by kind. All negatives must be right."""
    for kind, wanted in least.items():
        share = table.share(kind)
        if share < wanted:
            yield f"{kind}: {share:.1f} % is less than {wanted:g} %"
        if table.share(kind, "task", NEGATIVE) < 100:
            yield f"{kind}: a negative is wrong, or there is none"


def report(imprint, folder, pool, least):
    table, judged, wrong, disputed = run(imprint, folder, pool)
    for line in table.lines():
        print(f"replies: {line}")
    shown("miss", wrong, True)
    shown("disputed", disputed, True)
    shares = ", ".join(f"{kind} {judged.share(kind):.1f} %" for kind in judged.kinds())
    print(f"replies: without the {len(disputed)} that are disputed: {shares}")
    short = list(enough(judged, least))
    for sentence in short:
        print(f"replies: TOO FEW: {sentence}")
    return not short
