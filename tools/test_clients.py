"""The mails of our own differ where programs write differently, and their headers say the kind. Run by `make test`."""

import email
import email.policy
import unittest

import clients
import plain_clients
import rich_text
from wordings import WORDINGS

GRAMMARS = {"html": clients, "plain": plain_clients, "rtf": rich_text}
ROWS = [(subtype, *row) for subtype, grammar in GRAMMARS.items() for row in grammar.mails()]


def fields(name, subtype):
    return email.message_from_bytes(clients.head(name, subtype), policy=email.policy.default)


class Mails(unittest.TestCase):
    def test_no_mail_is_there_twice(self):
        self.assertEqual(len({text for _, _, text, _ in ROWS}), len(ROWS))

    def test_a_program_that_answers_and_forwards_writes_both_in_every_language(self):
        every = {}
        for subtype, (client, shape, kind, language), _, _ in ROWS:
            if kind != "first" and "," not in shape:
                every.setdefault((subtype, client, kind), set()).add(language)
        for key, languages in every.items():
            self.assertEqual(len(languages), len(WORDINGS), key)
        programs = {client for _, client, _ in every}
        self.assertEqual(programs, {client for _, client, kind in every if kind == "forward"})
        self.assertEqual(programs, {client for _, client, kind in every if kind == "reply"})

    def test_what_is_quoted_begins_at_the_place(self):
        for subtype, name, text, place in ROWS:
            self.assertTrue(0 < place <= len(text), name)
            self.assertTrue(name[2] == "first" or text[place:].strip(), name)

    def test_a_signature_within_own_or_quoted_rich_text_is_wrong(self):
        rtf = "{\\rtf1 Yes\\par\\par\\pard\\brdrt {\\b From:} Bob}"
        place = rtf.index("\\pard\\brdrt")
        right = [at for at in range(len(rtf)) if rich_text.nothing_between(rtf, at, place)]
        between = [rtf.index(one) for one in ("\\par\\par", "\\par\\pard", "\\pard", "{\\b", "\\b F", "From:")]
        self.assertEqual([at for at in between if at in right], between)
        self.assertEqual([at for at in right if at < between[0] or at > between[-1]], [])


class Heads(unittest.TestCase):
    def test_each_kind_has_its_fields(self):
        for client, kind, language in sorted({(name[0], *name[2:]) for _, name, _, _ in ROWS}):
            name = (client, "", kind, language)
            head = fields(name, "html")
            before, colon, _ = head["Subject"].partition(": ")
            tied = [field for field in ("In-Reply-To", "References") if head[field]]
            self.assertEqual(bool(colon), kind != "first", name)
            known = {"first": [], "forward": clients.TIES.get(client, ())}.get(kind, ("In-Reply-To", "References"))
            self.assertEqual(tied, [field for field in known if not field.startswith("X-")], name)
            other = "reply" if kind == "forward" else "forward"
            self.assertNotIn(before, {clients.prefix(client, other, one) for one in WORDINGS}, name)

    def test_outlook_says_it_in_its_language(self):
        rows = [
            ("outlook-2016", "reply", "de", "AW: Termin"),
            ("outlook-2016", "forward", "de", "WG: Termin"),
            ("outlook-2016", "forward", "zh", "\u8f6c\u53d1: Termin"),
            ("outlook-web", "forward", "en", "Fw: Termin"),
            ("gmail", "forward", "de", "Fwd: Termin"),
            ("outlook", "first", "de", "Termin"),
        ]
        for client, kind, language, subject in rows:
            self.assertEqual(fields((client, "", kind, language), "html")["Subject"], subject)


if __name__ == "__main__":
    unittest.main()
