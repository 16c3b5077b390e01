"""That the judge of pictures.py sees what it is there for."""

import base64
import unittest

import pictures
from messages import Wrong

WORDS = "Signed-by-Ada"
NAME = f"signet-image0.{'0' * 32}@signet"
BEFORE = b"Subject: x\r\nContent-Type: text/html\r\n\r\n<p>a = b</p>\r\n"
HEAD = 'Subject: x\r\nContent-Type: multipart/related; boundary="=_signet_1"\r\nMIME-Version: 1.0\r\n'
TEXT = f'<p>a = b</p>\r\n<p><img src="cid:{NAME}">{WORDS}</p>\r\n'
LOGO = base64.b64encode(pictures.LOGO).decode()


def after(head=HEAD, fields="", text=TEXT, logo=LOGO):
    picture = f"Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\nContent-ID: <{NAME}>\r\n\r\n{logo}\r\n"
    first = f"Content-Type: text/html\r\n{fields}\r\n{text}"
    return f"{head}\r\n--=_signet_1\r\n{first}\r\n--=_signet_1\r\n{picture}--=_signet_1--\r\n".encode()


class Judge(unittest.TestCase):
    def test_a_message_that_was_built_well_is_right(self):
        pictures.check(BEFORE, after(), WORDS)
        quoted = TEXT.replace("=", "=3D")
        pictures.check(BEFORE, after(fields="Content-Transfer-Encoding: quoted-printable\r\n", text=quoted), WORDS)

    def test_every_fault_is_seen(self):
        encoding = "Content-Transfer-Encoding: quoted-printable\r\n"
        faults = {
            "a multipart is encoded": after(head=HEAD + encoding),
            "not the old text": after(text=TEXT.replace("=", "=3D")),
            "says twice": after(head=HEAD + "MIME-Version: 1.0\r\n"),
            "the picture is another one": after(logo="eA=="),
            "1 pictures, 0 shown": after(text=TEXT.replace(NAME, "x")),
            "header fields changed": after(head=HEAD.replace("Subject: x", "Subject: y")),
            "1 leaves became 2": after().replace(b"\r\n--=_signet_1--", b"\r\n--=_signet_1\r\n\r\nx\r\n--=_signet_1--"),
        }
        for sentence, message in faults.items():
            with self.subTest(sentence), self.assertRaisesRegex(Wrong, sentence):
                pictures.check(BEFORE, message, WORDS)


if __name__ == "__main__":
    unittest.main()
