"""Bodies that travel as TNEF as ytnef reads them: the second opinion beside tnefparse. It also checks the checksums."""

import re
import tempfile
from pathlib import Path

import outside
import streams
from messages import Wrong, insertion

# A property as ytnefprint prints it, and the text that the message itself holds. Their sizes change with them.
PROPERTY = re.compile(r"^   #\d+: ", re.MULTILINE)
BODY = re.compile(r"Code: \[(?:PR_BODY|PR_BODY_HTML|PR_RTF_COMPRESSED)\]")
PREVIEW = re.compile(r"^-- Message Body \(\d+ bytes\) --$.*?^-- End Body --$", re.MULTILINE | re.DOTALL)
SIZE = re.compile(r"(?<=Size: )\d+|(?<=Body \()\d+(?= bytes)")


# It prints nothing of RTF that is not compressed, for it takes the checksum, which is 0 there, for the text.
STORED = "RTF that is not compressed"


class Reading:
    """All that ytnef says of one stream."""

    def __init__(self, octets):
        with tempfile.TemporaryDirectory() as folder:
            stream, attached, every = (Path(folder, name) for name in ("winmail.dat", "attached", "every"))
            stream.write_bytes(octets)
            runs = [outside.run("ytnefprint", stream)]
            for place, wanted in ((attached, ()), (every, ("-F", "-H"))):
                place.mkdir()
                runs.append(outside.run("ytnef", *wanted, "-f", place, stream))
            self.attachments = files(attached)
            bodies = {name: held for name, held in files(every).items() if self.attachments.get(name) != held}
        # Its code says nothing: it is 0 after most of what it complains of.
        self.complaints = [
            (code, sorted(line for line in (said + error).splitlines() if line.startswith(b"ERROR")))
            for code, said, error in runs
        ]
        self.others, self.printed = printed(runs[0][1].decode("latin-1"))
        self.bodies = {name: comparable(held.decode("latin-1")) for name, held in bodies.items()}

    def well(self):
        return all(code == 0 and not lines for code, lines in self.complaints)

    def complaint(self):
        return next((f"{code} {b' '.join(lines).decode('latin-1')}" for code, lines in self.complaints if code or lines), "")


def files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def printed(said):
    """What ytnefprint says besides the bodies, and the bodies."""
    first, *properties = PROPERTY.split(said)
    previews = PREVIEW.findall(first)
    others = [PREVIEW.sub("", first), *(one for one in properties if not BODY.search(one))]
    bodies = (*previews, *(one for one in properties if BODY.search(one)))
    return others, [comparable(SIZE.sub("", one)) for one in bodies]


def comparable(body):
    """RTF from its first brace to that brace's end, for ytnef prints what lies in memory behind it; and without line
    ends, which RTF does not count: in the dictionary of compressed RTF (MS-OXRTFCP section 2.1.2.1) ytnef has LF CR for CR
    LF, and RTF that was compressed anew takes other pieces from there."""
    if "{\\rtf" not in body:
        return body
    return (streams.group(body, "{\\rtf") or body).replace("\r", "").replace("\n", "")


def check(before, after, words):
    """Raises Wrong; otherwise what ytnef could not read before Signet had it, empty when it read all of it."""
    old = Reading(before)
    if after == before:
        return old.complaint()
    new = Reading(after)
    if new.complaints != old.complaints and not (new.well() and not old.well()):
        raise Wrong(f"ytnef: {new.complaint()!r}, and before {old.complaint()!r}")
    if old.attachments != new.attachments:
        raise Wrong("ytnef: the attachments changed")
    if old.others != new.others:
        raise Wrong("ytnef: the properties changed")
    if old.bodies.keys() != new.bodies.keys() or len(old.printed) != len(new.printed):
        raise Wrong("ytnef: bodies came or went")
    signed, stored = 0, False
    for one, two in [*zip(old.printed, new.printed), *((held, new.bodies[name]) for name, held in old.bodies.items())]:
        if one == two:
            continue  # the preview
        signed += 1
        if "[PR_RTF_COMPRESSED]" in one:
            stored = True
            continue
        two = streams.without_new_entries(one, two)
        if not insertion(one, two):
            raise Wrong("ytnef: a body is not the old one and something more")
        # It prints a dot for each octet that is no ASCII; in the files they are what they are.
        if words.isascii() and streams.times(two, words) - streams.times(one, words) not in (1, 2):
            raise Wrong("ytnef: a body does not have the signature once")
    if not signed and old.well():
        raise Wrong("ytnef: no body has a signature")
    return old.complaint() or (STORED if stored else "")
