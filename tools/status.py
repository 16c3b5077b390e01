#!/usr/bin/env python3
"""Counts the rows of docs/requirements.csv by status and kind of proof. Run by `make status`.

Kinds: A an automated test, O operational evidence, D a document that ships, - none asked.
"""

import csv
import sys
from collections import Counter

STATUSES = ("done", "partial", "open")


def main(path):
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    by_kind = Counter((row["kind"], row["status"]) for row in rows)
    print(f"{'kind':<6}" + "".join(f"{status:>9}" for status in STATUSES) + f"{'all':>9}")
    for kind in sorted({row["kind"] for row in rows}):
        counts = [by_kind[kind, status] for status in STATUSES]
        print(f"{kind:<6}" + "".join(f"{count:>9}" for count in counts) + f"{sum(counts):>9}")
    totals = [sum(row["status"] == status for row in rows) for status in STATUSES]
    print(f"{'all':<6}" + "".join(f"{total:>9}" for total in totals) + f"{len(rows):>9}")


if __name__ == "__main__":
    main(sys.argv[1])
