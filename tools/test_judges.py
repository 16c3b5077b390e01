"""The parts of the corpus check that need no outside program find each fault they are there for. Run by `make test`."""

import unittest

import replies
from table import Table


class Tables(unittest.TestCase):
    def table(self, wrong=0, negatives_wrong=0, negatives=10):
        table = Table()
        for number in range(190):
            table.add(number >= wrong, "plain", task="reply", client="gmail", locale="de")
        for number in range(negatives):
            table.add(number >= negatives_wrong, "plain", task=replies.NEGATIVE, client="yahoo", locale="en")
        return table

    def test_too_few_and_a_wrong_negative_are_said(self):
        least = {"plain": 99}
        self.assertEqual(list(replies.enough(self.table(2), least)), [])
        self.assertEqual(len(list(replies.enough(self.table(3), least))), 1)
        self.assertEqual(len(list(replies.enough(self.table(0, 1), least))), 1)
        self.assertEqual(len(list(replies.enough(self.table(3, 1), least))), 2)
        self.assertEqual(len(list(replies.enough(self.table(negatives=0), least))), 1)
        self.assertEqual(len(list(replies.enough(Table(), {"plain": 99, "html": 97}))), 4)

    def test_every_division_is_counted(self):
        lines = "\n".join(self.table(3, 1).lines())
        for wanted in (
            r"plain  all +196 +4 +200 +98\.0 %",
            r"plain  task    reply +187 +3 +190 +98\.4 %",
            r"plain  task    negative +9 +1 +10 +90\.0 %",
            r"plain  client  yahoo +9 +1 +10 ",
            r"plain  locale  de +187 +3 +190 ",
        ):
            self.assertRegex(lines, wanted)


if __name__ == "__main__":
    unittest.main()
