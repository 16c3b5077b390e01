"""Mails that openssl and gpg sign here and now, each with a new key: of these it is known that they verify."""

import subprocess

import outside

FIELDS = (
    b"From: Ada Vance <ada@contoso.example>\r\nTo: bob@example.org\r\nSubject: plans\r\nMessage-ID: <%s@contoso.example>\r\n"
    b"Date: Sat, 21 Nov 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\n"
)
ENTITY = (
    b"Content-Type: multipart/alternative; boundary=a\r\n\r\n--a\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    b"Shall we meet?\r\n--a\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Shall we meet?</p>\r\n--a--\r\n"
)
TEXT = b"Shall we meet?\r\n\r\nAda\r\n"


class Failed(Exception):
    """A mail could not be made."""


def made(*command, octets=b"", **variables):
    code, out, error = outside.run(*command, octets=octets, **variables)
    if code != 0:
        raise Failed(f"{command[0]} ends with {code}: {error.decode('utf-8', 'replace').strip()[-200:]}")
    return out


def smime(folder):
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    made(
        *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=Ada Vance"),
        *("-addext", "subjectAltName=email:ada@contoso.example", "-keyout", key, "-out", certificate),
    )
    sign = ("openssl", "cms", "-sign", "-signer", certificate, "-inkey", key, "-binary", "-outform", "SMIME")
    for name, more in (("smime-detached", ()), ("smime-opaque", ("-nodetach",))):
        signed = made(*sign, *more, octets=ENTITY)
        # It ends its own lines with LF; between them the entity has CRLF already.
        signed = signed.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        yield name, FIELDS.replace(b"MIME-Version: 1.0\r\n", b"") % name.encode() + signed
        listed = b"--l\r\n" + signed.split(b"\r\n", 1)[1] + b"\r\n--l\r\nContent-Type: text/plain\r\n\r\nfooter\r\n--l--\r\n"
        yield f"{name}-in-a-list", FIELDS % name.encode() + b"Content-Type: multipart/mixed; boundary=l\r\n\r\n" + listed


def pgp(home):
    """gpg's folder must be new, and its path short: there is a socket in it."""
    new = ("--passphrase", "", "--quick-generate-key", "ada@contoso.example", "rsa2048", "sign")
    made("gpg", "--batch", *new, GNUPGHOME=str(home))
    sign = ("gpg", "--batch", "--armor", "--digest-algo", "SHA256")
    proof = made(*sign, "--detach-sign", octets=ENTITY, GNUPGHOME=str(home)).replace(b"\n", b"\r\n")
    kind = b'Content-Type: multipart/signed; micalg=pgp-sha256; protocol="application/pgp-signature"; boundary=s\r\n\r\n'
    body = b"--s\r\n" + ENTITY + b"\r\n--s\r\nContent-Type: application/pgp-signature\r\n\r\n" + proof + b"\r\n--s--\r\n"
    yield "pgp-mime", FIELDS % b"pgp-mime" + kind + body
    block = made(*sign, "--clear-sign", octets=TEXT.replace(b"\r\n", b"\n"), GNUPGHOME=str(home)).replace(b"\n", b"\r\n")
    plain = b"Content-Type: text/plain; charset=utf-8\r\n\r\n"
    yield "pgp-clear", FIELDS % b"pgp-clear" + plain + block
    yield "pgp-clear-in-parts", (
        FIELDS % b"pgp-parts"
        + b"Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\n"
        + plain
        + block
        + b"\r\n--m\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERi0=\r\n--m--\r\n"
    )


def ended(home):
    """gpg leaves a program running in its folder."""
    subprocess.run(["gpgconf", "--homedir", str(home), "--kill", "all"], capture_output=True, check=False)
