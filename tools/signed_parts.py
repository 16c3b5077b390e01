"""What senders signed by S/MIME or OpenPGP, cut out octet by octet, and what openssl and gpg say of it.

gpg knows the keys that it is given. Of a signature by another it says who made it; that the octets it is over are the
same is then known by their digest alone.
"""

import email
import hashlib
import re
import tempfile
from pathlib import Path

import outside

CLEAR = re.compile(
    rb"^-----BEGIN PGP SIGNED MESSAGE-----.*?^-----BEGIN PGP SIGNATURE-----.*?^-----END PGP SIGNATURE-----", re.M | re.S
)
DEEPEST = 20
# Of the rest some lines depend on what gpg was asked before.
VERDICT = re.compile(r"\[GNUPG:\] (?:GOODSIG|BADSIG|ERRSIG|VALIDSIG|NO_PUBKEY|NODATA|BADARMOR|UNEXPECTED)\b")
GOOD = "good"


def found(octets, depth=0):
    """[(kind, octets, …)]: smime: the entity; pgp: the signed octets and the signature; clear: the block."""
    head, gap, body = octets.partition(b"\r\n\r\n")
    entity = email.message_from_bytes(head + gap)
    kind = entity.get_content_type()
    if entity.get_content_subtype().removeprefix("x-") == "pkcs7-mime":
        return [("smime", octets)]
    if entity.get_content_maintype() == "multipart" and entity.get_boundary() and depth < DEEPEST:
        parts = cut(body, entity.get_boundary().encode("ascii", "replace"))
        here = []
        if kind == "multipart/signed" and len(parts) == 2:
            proof = email.message_from_bytes(parts[1])
            by = proof.get_content_subtype().removeprefix("x-")
            if by == "pkcs7-signature":
                here = [("smime", octets)]
            elif by == "pgp-signature":
                here = [("pgp", parts[0], proof.get_payload(decode=True) or b"")]
        return here + [one for part in parts for one in found(part, depth + 1)]
    if kind == "message/rfc822" and depth < DEEPEST:
        return found(body, depth + 1)
    text = email.message_from_bytes(octets).get_payload(decode=True) or b"" if b"BEGIN PGP" in octets else b""
    return [("clear", block.group()) for block in CLEAR.finditer(text)]


def cut(body, boundary):
    """The parts between the lines of the boundary (RFC 2046 section 5.1.1): the line break before a line is its own."""
    lines = list(re.finditer(rb"(?:\A|\r\n)--" + re.escape(boundary) + rb"(--)?[ \t]*(?=\r\n|\Z)", body))
    parts = []
    for line, following in zip(lines, [*lines[1:], None]):
        if line.group(1):
            break
        start = line.end() + 2
        parts.append(body[start : max(following.start(), start) if following else len(body)])
    return parts


def said(piece, home):
    """What the program says of one piece, and the digests of all of it."""
    kind, *held = piece
    digests = tuple(hashlib.sha256(octets).hexdigest() for octets in held)
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, str(number)) for number in range(len(held))]
        for path, octets in zip(paths, held):
            path.write_bytes(octets)
        if kind == "smime":
            command = ("openssl", "cms", "-verify", "-noverify", "-inform", "SMIME", "-in", paths[0], "-out", "/dev/null")
            code, _, error = outside.run(*command)
            # Without the numbers of its process and the lines of its source.
            told = tuple(re.findall(r"error:[0-9A-F]*:([^:]*:[^:]*:[^:\n]*)", error.decode("utf-8", "replace")))
            return kind, GOOD if code == 0 else "not good", told, digests
        command = ("gpg", "--batch", "--no-auto-key-retrieve", "--status-fd", "1", "--verify", *reversed(paths))
        _, out, _ = outside.run(*command, GNUPGHOME=str(home))
        told = tuple(line for line in out.decode("utf-8", "replace").splitlines() if VERDICT.match(line))
        words = {line.split()[1] for line in told}
        names = {"GOODSIG": GOOD, "BADSIG": "bad", "NO_PUBKEY": "no key"}
        verdict = next((name for word, name in names.items() if word in words), "not good")
        return kind, verdict, told, digests


def opinions(message, home):
    return [said(piece, home) for piece in found(message)]
