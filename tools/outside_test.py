"""The judges that ask programs of others find each fault they are there for. Run by `make corpus`, which has those."""

import struct
import tempfile
import unittest
from pathlib import Path

import fresh_mails
import messages
import outside
import outside_tnef
import rich_text
import signed_parts
import signed_rows
import streams

WORDS = "Ada-Vance"
RTF = (
    b"{\\rtf1\\ansi\\ansicpg1252\\fromhtml1 \\deff0{\\fonttbl{\\f0\\fswiss Arial;}}\r\n"
    b"{\\*\\htmltag64 <p>}Hello{\\*\\htmltag72 </p>}%s}"
)
SIGNATURE = b"{\\*\\htmltag64 <p>Ada-Vance</p>}"


def attribute(level, name, data):
    return struct.pack("<BII", level, name, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def stream(more=b"", attached=b"PDF", name=b"a.pdf"):
    """A body and an attachment."""
    return (
        streams.around_rtf(RTF % more, streams.compressed)
        + attribute(2, 0x00069002, bytes(14))
        + attribute(2, 0x00018010, name + b"\0")
        + attribute(2, 0x0006800F, attached)
    )


def said(check, *arguments):
    try:
        return check(*arguments)
    except messages.Wrong as wrong:
        return f"wrong: {wrong}"


class Tnef(unittest.TestCase):
    def check(self, after, before=None):
        return said(outside_tnef.check, before or stream(), after, WORDS)

    def test_a_signature_in_the_body_is_well(self):
        self.assertEqual(self.check(stream(SIGNATURE)), "")
        self.assertEqual(self.check(stream()), "")

    def test_each_fault_is_found(self):
        good = stream(SIGNATURE)
        broken = bytearray(good)
        broken[6 + 9 + struct.unpack_from("<I", good, 11)[0]] ^= 1
        rows = [
            (bytes(broken), "Checksum mismatch"),
            (good[:-30], "wrong: ytnef"),
            (stream(SIGNATURE, attached=b"PDf"), "the attachments changed"),
            (stream(SIGNATURE, name=b"b.pdf"), "the attachments changed"),
            (good + attribute(1, 0x00018004, b"Subject\0"), "the properties changed"),
            (stream(SIGNATURE * 3), "does not have the signature once"),
            (stream(b"{\\*\\htmltag64 <p>Ada</p>}"), "does not have the signature once"),
            (good.replace(b"Hell", b"Hall"), "wrong: ytnef"),
        ]
        for after, sentence in rows:
            self.assertIn(sentence, self.check(after))

    def test_what_it_could_not_read_before_is_told(self):
        stored = streams.around_rtf(RTF % b"")
        signed = streams.around_rtf(RTF % SIGNATURE, streams.compressed)
        self.assertEqual(self.check(signed, before=stored), outside_tnef.STORED)
        self.assertIn("ERROR", self.check(b"\x78\x9f\x3e\x22x", before=b"\x78\x9f\x3e\x22x"))


class RichText(unittest.TestCase):
    def check(self, after, before=b""):
        wrap = streams.around_rtf
        return said(rich_text.check, wrap(before or RTF % b""), wrap(after), WORDS)

    def test_a_signature_in_the_html_is_well(self):
        self.assertEqual(self.check(RTF % SIGNATURE), "html")

    def test_each_fault_is_found(self):
        rows = [
            (RTF % b"", "the html has no signature"),
            (RTF % (b"\\htmlrtf %s\\htmlrtf0 " % b"Ada-Vance"), "the html has no signature"),
            (RTF % (SIGNATURE * 2), "not the old one and one signature"),
            ((RTF % SIGNATURE).replace(b"Hello", b"Hallo"), "not the old one and one signature"),
            ((RTF % SIGNATURE).replace(b"fromhtml1", b"fromtext"), "html became text"),
            ((RTF % SIGNATURE).replace(b"\\fromhtml1", b""), "holds a text no more"),
            (RTF[:60], "wrong: RTFDE"),
        ]
        for after, sentence in rows:
            self.assertIn(sentence, self.check(after), after)

    def test_what_it_could_not_read_before_is_told(self):
        unread = (RTF % b"").replace(b"\\ansi\\ansicpg1252", b"")
        self.assertIn("Malformed", self.check(unread, unread))


class Signed(unittest.TestCase):
    def test_our_own_mails_verify_until_an_octet_is_another(self):
        with tempfile.TemporaryDirectory(prefix="gpg") as folder:
            home = Path(folder, "h")
            home.mkdir(mode=0o700)
            try:
                mails = dict([*fresh_mails.smime(Path(folder)), *fresh_mails.pgp(home)])
                for name, mail in mails.items():
                    self.assertEqual([one[1] for one in signed_parts.opinions(mail, home)], [signed_parts.GOOD], name)
                    harmed = mail.replace(b"we meet", b"we eat")
                    if "opaque" in name:
                        lines = mail.split(b"\r\n")
                        lines[-6] = lines[-6][::-1]
                        harmed = b"\r\n".join(lines)
                    self.assertNotEqual(harmed, mail, name)
                    sentence = said(signed_rows.judge, engine(harmed), mail, home, True)
                    self.assertIn("good before", str(sentence), name)
                    # What is left alone passes; what is around the signed octets may not change either.
                    self.assertEqual(len(signed_rows.judge(engine(mail), mail, home, True)), 1, name)
                    around = mail.replace(b"Subject: plans", b"Subject: Plans")
                    self.assertIn("wrong", str(said(signed_rows.judge, engine(around), mail, home, True)), name)
            finally:
                fresh_mails.ended(home)


def engine(out):
    def imprint(message):
        if message.startswith(b"X-Signet-Stamp"):
            return message, "already", None
        return b"X-Signet-Stamp: v=1\r\n" + out, "left", "encrypted"

    imprint.words = WORDS
    return imprint


class Limits(unittest.TestCase):
    def test_memory_is_limited(self):
        code, _, error = outside.run("python3", "-c", "bytearray(4 << 30)")
        self.assertNotEqual(code, 0)
        self.assertIn(b"MemoryError", error)


if __name__ == "__main__":
    unittest.main()
