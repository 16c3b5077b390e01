"""Figures of tools/corpus.py, printed: how many are right, wrong and all, by what they are."""

from collections import defaultdict


def percent(right, every):
    return 100 * right / every if every else 0.0


def shown(label, rows, everything):
    for name, sentence in rows if everything else rows[:10]:
        print(f"  {label} {name}: {sentence}")
    if len(rows) > 10 and not everything:
        print(f"  {label} … and {len(rows) - 10} more (--list)")


class Table:
    """Counts by (kind, way to divide, name); in print the largest of a division come first."""

    def __init__(self):
        self.figures = defaultdict(lambda: [0, 0])

    def add(self, right, kind, **divisions):
        for division, name in {"": "", **divisions}.items():
            figure = self.figures[kind, division, name]
            figure[0] += bool(right)
            figure[1] += 1

    def share(self, kind, division="", name=""):
        """Percent; 0 when there is none."""
        return percent(*self.figures.get((kind, division, name), (0, 0)))

    def kinds(self):
        return sorted({kind for kind, _, _ in self.figures})

    def lines(self):
        order = list(dict.fromkeys(division for _, division, _ in self.figures))
        keys = sorted(self.figures, key=lambda key: (key[0], order.index(key[1]), -self.figures[key][1], key[2]))
        yield f"{'':<34} right wrong   all"
        for kind, division, name in keys:
            right, every = self.figures[kind, division, name]
            label = f"{kind:<6} {division or 'all':<7} {name}"
            yield f"{label:<34} {right:>5} {every - right:>5} {every:>5} {percent(right, every):6.1f} %"
