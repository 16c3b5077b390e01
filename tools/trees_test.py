"""The judges of our own mails find each fault they are there for. Run by `make corpus`, which has html5lib."""

import unittest

import clients
import corpus
import messages
import trees

WORDS = "Ada-Vance"
BEFORE = "<body><div>Yes.</div><div class=gmail_quote><b>On</b> Monday<table><tr><td>x</td></tr></table></div></body>"


class Trees(unittest.TestCase):
    def test_one_element_more_is_well(self):
        for piece in (f"<p>{WORDS}</p>", f"\r\n<div><p>{WORDS}</p></div>\r\n"):
            after = BEFORE.replace("<div class", f"{piece}<div class")
            self.assertIsNone(trees.difference(BEFORE, after, WORDS))

    def test_each_fault_is_found(self):
        piece = f"<p>{WORDS}</p>"
        rows = [
            (BEFORE, "the signature is 0 elements"),
            (BEFORE.replace("<div class", f"{piece}{piece}<div class"), "the signature is 2 elements"),
            (BEFORE.replace("On", f"On{piece}"), "the signature stands in html body div b"),
            (BEFORE.replace("<tr>", f"<tr>{piece}"), None),
            (BEFORE.replace("<div class", f"{piece}</div><div class"), None),
            (BEFORE.replace("<div class", f"<div>{piece}<div class"), "the tree is another one"),
            (BEFORE.replace("<div class=gmail_quote>", f"{piece}<div>"), "the tree is another one"),
            (BEFORE.replace("<b>On</b>", "On").replace("<div class", f"{piece}<div class"), "the tree is another one"),
            (BEFORE.replace("Monday", "Mon day").replace("<div class", f"{piece}<div class"), "the tree is another one"),
        ]
        for after, sentence in rows:
            # Strays are mended by the parser: a paragraph in a row goes before its table, an end of nothing is none.
            self.assertEqual(trees.difference(BEFORE, after, WORDS), sentence, after)

    def test_a_body_that_was_empty_is_still_there(self):
        self.assertIsNone(trees.difference("<html></html>", f"<html>\r\n<p>{WORDS}</p>\r\n</html>", WORDS))
        self.assertIsNotNone(trees.difference("<html></html>", f"<html><head><p>{WORDS}</p></head><p>", WORDS))


class Clients(unittest.TestCase):
    HTML = "<body><div>Yes.</div><div><br></div><div class=gmail_quote>x</div></body>"

    def said(self, at):
        class Engine:
            words = WORDS

            def __call__(self, message):
                head, _, body = message.partition(b"\r\n\r\n")
                return head + b"\r\n\r\n" + body[:at] + b"<p>Ada-Vance</p>" + body[at:], "signed", None

        try:
            corpus.check_client(Engine(), ("x", "y", "reply", "en"), self.HTML, self.HTML.index("<div class"))
        except messages.Wrong as wrong:
            return str(wrong)
        return "well"

    def test_only_the_place_is_right_or_the_empty_lines_above_it(self):
        right = [self.HTML.index(one) for one in ("<div><br>", "<div class")]
        for at in range(len("<body>"), len(self.HTML)):
            self.assertEqual(self.said(at) == "well", at in right, at)

    def test_a_signature_within_own_or_quoted_text_is_wrong(self):
        text = "Yes.\r\n\r\nOn Monday X wrote:\r\n> Well?\r\n"
        place = text.index("On")

        def said(at):
            def engine(message):
                head, _, body = message.partition(b"\r\n\r\n")
                return head + b"\r\n\r\n" + body[:at] + b"\r\nAda-Vance\r\n" + body[at:], "signed", None

            engine.words = WORDS
            try:
                corpus.check_plain_client(engine, ("x", "y", "reply", "en"), text, place)
            except messages.Wrong:
                return False
            return True

        self.assertEqual([at for at in range(len(text)) if said(at)], [4, 5, 6, 7, 8])

    def test_every_mail_has_one_place(self):
        count = 0
        for name, html, place in clients.mails():
            count += 1
            self.assertTrue(0 < place < len(html), name)
            self.assertNotIn(clients.HERE, html, name)
        self.assertGreater(count, 4000)


if __name__ == "__main__":
    unittest.main()
