"""The parts of the corpus check that need no outside program find each fault they are there for. Run by `make test`."""

import unittest

import outside_tnef
import replies
import signed_parts
import stream_rows
from table import Table

ENTITY = b"Content-Type: text/plain\r\n\r\nHello"
PROOF = b"Content-Type: application/pgp-signature\r\n\r\n-----BEGIN PGP SIGNATURE-----\r\n"
SIGNED = (
    b'Content-Type: multipart/signed; boundary="s"\r\n\r\npreamble\r\n--s\r\n'
    + ENTITY
    + b"\r\n--s \r\n"
    + PROOF
    + b"\r\n--s--\r\nepilogue"
)


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

    def test_who_can_read_nothing_is_no_judge(self):
        well = {("tnef", "ytnef", "same"): 9, ("tnef", "RTFDE", "signature in text"): 9}
        self.assertEqual(list(stream_rows.blind(well)), [])
        self.assertEqual(list(stream_rows.blind({**well, ("rtf", "RTFDE", "cannot read before"): 5})), ["RTFDE"])
        self.assertEqual(list(stream_rows.blind({})), ["ytnef", "RTFDE"])


class Signed(unittest.TestCase):
    def test_the_signed_octets_are_cut_out_as_they_stand(self):
        wanted = [("pgp", ENTITY, b"-----BEGIN PGP SIGNATURE-----\r\n")]
        self.assertEqual(signed_parts.found(SIGNED), wanted)
        mixed = b"Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\n" + SIGNED + b"\r\n--m--\r\n"
        self.assertEqual(signed_parts.found(mixed), wanted)
        self.assertEqual(signed_parts.found(b"Content-Type: message/rfc822\r\n\r\n" + mixed), wanted)
        for change in ((b"Hello", b"Hello "), (b"Hello", b"Hello\r\n"), (b"text/plain", b"text/Plain")):
            self.assertNotEqual(signed_parts.found(SIGNED.replace(*change, 1)), wanted, change)

    def test_every_kind_is_known(self):
        smime = SIGNED.replace(b"pgp-signature", b"x-pkcs7-signature")
        self.assertEqual(signed_parts.found(smime), [("smime", smime)])
        opaque = b"Content-Type: application/pkcs7-mime; smime-type=signed-data\r\n\r\nMIIC"
        self.assertEqual(signed_parts.found(opaque), [("smime", opaque)])
        block = b"-----BEGIN PGP SIGNED MESSAGE-----\nx\n-----BEGIN PGP SIGNATURE-----\ny\n-----END PGP SIGNATURE-----"
        self.assertEqual(signed_parts.found(b"Subject: x\r\n\r\nAbove\n" + block + b"\nbelow"), [("clear", block)])
        self.assertEqual(signed_parts.found(ENTITY), [])


class Printed(unittest.TestCase):
    SAID = (
        "Subject: x\n-- Message Body (5 bytes) --\nHello\n-- End Body --\n"
        "   #0: Type: [  LONG   ]  Code: [PR_PRIORITY]\n    Size: 4    Value: 0\n"
        "   #1: Type: [ BINARY  ]  Code: [PR_BODY_HTML]\n    Size: 12    Value: [<p>Hello</p>]\n"
    )

    def test_bodies_are_set_apart_from_all_else(self):
        others, bodies = outside_tnef.printed(self.SAID)
        self.assertEqual(len(others), 2)
        self.assertIn("PR_PRIORITY", others[1])
        self.assertEqual([body.count("Hello") for body in bodies], [1, 1])
        longer = self.SAID.replace("(5 bytes", "(9 bytes").replace("Size: 12", "Size: 16")
        self.assertEqual(outside_tnef.printed(longer), (others, bodies))
        for change in (("x\n", "y\n"), ("Value: 0", "Value: 1"), ("Size: 4", "Size: 2"), ("PR_PRIORITY", "PR_SENSITIVITY")):
            self.assertNotEqual(outside_tnef.printed(self.SAID.replace(*change))[0], others, change)

    def test_of_rtf_only_line_ends_and_what_follows_it_are_nothing(self):
        rtf = "[RTF]\n{\\rtf1 {a}\n\r\\par }\x00\x01"
        self.assertEqual(outside_tnef.comparable(rtf), outside_tnef.comparable("[RTF]\n{\\rtf1 {a}\r\n\\par }#"))
        self.assertNotEqual(outside_tnef.comparable(rtf), outside_tnef.comparable(rtf.replace("{a}", "{b}")))
        self.assertEqual(outside_tnef.comparable("a\r\nb"), "a\r\nb")


if __name__ == "__main__":
    unittest.main()
