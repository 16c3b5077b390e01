"""The corpus check finds each fault it is there for. Run by `make test`.

An engine of a few lines signs one simple message well; each row breaks it in one way and names what must be said.
"""

import json
import re
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import corpus
import messages
import replies
import streams

STAMP = b"X-Signet-Stamp: v=1\r\n"
MESSAGE = (
    b"From: Ada <ada@contoso.example>\r\nSubject: x\r\n  folded\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/mixed; boundary="b"\r\n\r\npreamble\r\n'
    b"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nHello\r\n\r\n"
    b"--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Hello</p>\r\n"
    b"--b\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERi0=\r\n"
    b"--b--\r\n"
)
SINGLE = b"From: ada@contoso.example\r\nContent-Type: text/plain\r\n\r\nHello\r\n"


class Engine:
    words = "Ada-Vance"
    reason = "no_signature"

    def __init__(self, change=lambda signed: signed, left=False, second=False):
        self.change, self.left, self.second = change, left, second

    def __call__(self, message):
        if message.startswith(b"X-Signet-Stamp"):
            return (self.sign(message), "signed", None) if self.second else (message, "already", None)
        if self.left:
            return self.change(STAMP + message), "left", self.reason
        return self.change(STAMP + self.sign(message)), "signed", None

    def sign(self, message):
        words = self.words.encode()
        return message.replace(b"Hello\r\n", b"Hello\r\n\r\n" + words + b"\r\n").replace(
            b"</p>\r\n", b"</p>\r\n<p>" + words + b"</p>\r\n"
        )


def swap(old, new):
    return lambda message: message.replace(old, new, 1)


class Check(unittest.TestCase):
    def said(self, engine, message=MESSAGE):
        try:
            return messages.check_message(engine, message)
        except messages.Wrong as wrong:
            return str(wrong)

    def test_a_good_engine_passes(self):
        self.assertEqual(self.said(Engine()), "signed")
        self.assertEqual(self.said(Engine(), SINGLE), "signed")
        self.assertEqual(self.said(Engine(left=True)), "no_signature")
        left = Engine(left=True)
        left.reason = "signed"
        self.assertEqual(self.said(left), "signed by its sender")
        for message in (b"", b" folded first\r\nFrom: a\r\n\r\nx\r\n", b"no field\r\n"):
            engine = Engine()
            engine.sign = lambda same: same
            engine.change = lambda out: out.removeprefix(STAMP)
            engine.left = True
            self.assertEqual(self.said(engine, message), "no_signature", message)

    def test_each_fault_is_found(self):
        rows = [
            (swap(STAMP, b""), "no X-Signet-Stamp on top"),
            (swap(b"  folded", b" folded"), "header fields changed"),
            (swap(b"Subject: x", b"subject: x"), "header fields changed"),
            (swap(b"From:", b"Received: us\r\nFrom:"), "header fields changed"),
            (swap(b'boundary="b"', b"boundary=b"), "header fields changed"),
            (swap(b"JVBERi0=", b"JVBERi0K"), "application/pdf changed"),
            (swap(b"application/pdf", b"application/PDF"), "application/pdf changed"),
            (swap(b"--b\r\nContent-Type: application/pdf", b"Content-Type: application/pdf"), "4 parts became 3"),
            (swap(b"preamble", b"postamble"), "the text around the parts changed"),
            (swap(b"<p>Hello", b"<p>Hallo"), "text/html: not the old text and one signature"),
            (
                swap(b"\r\nAda-Vance\r\n", b"\r\nAda-Vance Ada-Vance\r\n"),
                "text/plain: not the old text and one signature",
            ),
            (swap(b"\r\nAda-Vance\r\n", b"\r\nAda-Vance!\r\n"), "text/plain: not the old text and one signature"),
            (
                swap(b"plain; charset=utf-8", b"plain; charset=utf-8; format=flowed"),
                "the header of a text/plain part changed",
            ),
            (lambda message: STAMP + MESSAGE, "says signed, and nothing changed"),
        ]
        for change, wanted in rows:
            self.assertEqual(self.said(Engine(change)), wanted)

    def test_a_left_message_and_a_second_pass_must_not_change(self):
        self.assertIn("says left", self.said(Engine(swap(b"Hello", b"Hallo"), left=True)))
        self.assertEqual(self.said(Engine(second=True)), "the second pass changed the body")

    def test_what_can_be_signed(self):
        self.assertTrue(messages.can_be_signed(MESSAGE))
        self.assertTrue(messages.can_be_signed(SINGLE))
        for change in (
            swap(b"multipart/mixed", b"multipart/signed"),
            swap(b"application/pdf", b"text/calendar"),
            swap(b"Subject:", b"Auto-Submitted: auto-replied\r\nSubject:"),
            swap(b"Hello", b"-----BEGIN PGP MESSAGE-----"),
            swap(b"--b--", b""),
        ):
            self.assertFalse(messages.can_be_signed(change(MESSAGE)))

    def test_an_edit_can_be_seen_in_several_ways(self):
        self.assertEqual(messages.insertion("a<b>c", "a<i>s</i><b>c"), [(2, "i>s</i><"), (1, "<i>s</i>")])
        self.assertEqual(messages.insertion("abc", "abc"), [])
        self.assertEqual(messages.insertion("abc", "axbyc"), [])
        self.assertEqual(messages.insertion("abc", "ab"), [])

    def test_the_place_is_judged_in_the_stored_file(self):
        stored = b"Hello\n\n> quoted\n"
        words = Engine.words.encode()
        for at, good in ((b"Hello\r\n", True), (b"quoted\r\n", False)):
            row = {
                "id": "1",
                "kind": "plain",
                "interval": [6, 7],
                "score": True,
                "task": "top_reply",
                "client": "",
                "file": "r",
            }

            def engine(message, at=at):
                return STAMP + message.replace(at, at + words + b"\r\n"), "signed", None

            engine.words = Engine.words
            with TemporaryDirectory() as folder, ThreadPoolExecutor(1) as pool:
                Path(folder, "r").write_bytes(stored)
                Path(folder, "manifest.json").write_text(json.dumps([row]))
                table, _, wrong, _ = replies.run(engine, Path(folder), pool)
            self.assertEqual(table.figures["plain", "", ""], [int(good), 1], wrong)

    def test_mail_is_given_as_smtp_carries_it(self):
        self.assertEqual(messages.as_sent(b"From x Sat Nov 21\nTo: y\r\n\nz\n"), b"To: y\r\n\r\nz\r\n")
        self.assertTrue(re.fullmatch(r"[\x20-\x7e]+", corpus.SIGNATURES["ascii"]))


class Tables(unittest.TestCase):
    BEFORE = "{\\rtf1{\\fonttbl{\\f0\\fswiss Arial;}}{\\colortbl;\\red1\\green2\\blue3;}Hello}"

    def test_new_fonts_and_colours_are_taken_off(self):
        after = self.BEFORE.replace(";}}", ";}{\\f1\\fnil Aptos;}}").replace("3;}", "3;\\red4\\green5\\blue6;}")
        self.assertNotEqual(after, self.BEFORE)
        self.assertEqual(streams.without_new_entries(self.BEFORE, after), self.BEFORE)

    def test_words_are_known_in_every_spelling(self):
        words = "Z\u00eb\uff41\U0001f600"
        for said in (words, "Z\\u235?\\u-191?\\u-10179?\\u-8704?", "Z&#235;&#65345;&#128512;", "Z&euml;\uff41&#128512;"):
            self.assertEqual(streams.times(f"a{said}b", words), 1, said)
            self.assertEqual(streams.times(f"a{said}b{said}", words), 2, said)
        self.assertEqual(streams.times("Ada, Ada", "Ada"), 2)

    def test_what_else_changed_in_them_stays(self):
        rows = [
            ("Arial;}}", "Ariel;}}"),
            ("{\\f0\\fswiss Arial;}", ""),
            (";}}", ";}{\\f1\\fnil Aptos;}text}"),
            ("{\\colortbl;", "{\\colortbl;\\red0\\green0\\blue0;"),
            ("3;}", "3;\\red4}"),
            ("Hello", "Hello, {you}"),
        ]
        for old, new in rows:
            after = self.BEFORE.replace(old, new)
            self.assertEqual(streams.without_new_entries(self.BEFORE, after), after, new)
        self.assertEqual(streams.without_new_entries("Hello", "Hello"), "Hello")


if __name__ == "__main__":
    unittest.main()
