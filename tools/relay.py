"""Real mail through a running edge: a sender and a next hop of a few lines, and `signet run` between them.

Written for tools/corpus.py. Both ends are on loopback without TLS, which a listener and a next hop with proof `network`
may be. Messages go in by BDAT with BODY=BINARYMIME, so that no octet of them means anything to SMTP. Ports are chosen by
the system; nothing is left behind.
"""

import json
import re
import socket
import subprocess
import threading
from pathlib import Path

SECONDS = 60
OFFER = b"250-sink\r\n250-PIPELINING\r\n250-SIZE 157286400\r\n250-8BITMIME\r\n250-BINARYMIME\r\n250-CHUNKING\r\n250 SMTPUTF8\r\n"

PERSON = "ada@contoso.example"
CONFIGURATION = """
site = "corpus"
[smtp]
host_name = "corpus.signet.example"
[[listener]]
address = "127.0.0.1:0"
proof = "network"
plaintext = true
[next_hop]
private_addresses = true
[ops]
address = "127.0.0.1:0"
"""


def tenant(port, words):
    """A tenant whose one person signs every message with these words."""
    text = {"type": "text", "lines": [[words]]}
    return {
        "signet": 1,
        "id": "corpus",
        "name": "Corpus",
        "domains": ["contoso.example"],
        "peer": {
            "proof": "network",
            "networks": ["127.0.0.1/32"],
            "next_hop": {"host": "127.0.0.1", "port": port, "plaintext": True},
        },
        "people": [{"id": "ada", "addresses": [PERSON], "attributes": {"displayName": "Ada Vance"}}],
        "signatures": [{"id": "corpus", "enabled": True, "place": "reply", "design": {"version": 1, "blocks": [text]}}],
    }


class Failed(Exception):
    """The edge did not do what was asked of it, in its own words."""


class Sink:
    """The next hop. Takes every message, by DATA and by BDAT, and keeps them by envelope recipient."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.messages = {}
        self.lock = threading.Lock()
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        with connection, connection.makefile("rb") as lines:
            say = connection.sendall
            say(b"220 sink\r\n")
            recipients, content = [], b""
            while line := lines.readline():
                verb = line[:4].upper()
                if verb == b"RCPT":
                    recipients.append(re.search(rb"<(.*?)>", line).group(1).decode())
                if verb == b"BDAT":
                    content += lines.read(int(line.split()[1]))
                    if line.split()[-1].upper() == b"LAST":
                        self.keep(recipients, content)
                        recipients, content = [], b""
                    say(b"250 2.0.0 taken\r\n")
                elif verb == b"DATA":
                    say(b"354 go\r\n")
                    while (line := lines.readline()) not in (b".\r\n", b""):
                        content += line[1:] if line.startswith(b".") else line
                    self.keep(recipients, content)
                    recipients, content = [], b""
                    say(b"250 2.0.0 taken\r\n")
                elif verb == b"EHLO":
                    say(OFFER)
                elif verb == b"QUIT":
                    say(b"221 2.0.0 bye\r\n")
                    return
                else:
                    if verb in (b"RSET", b"MAIL"):
                        recipients, content = [], b""
                    say(b"250 2.0.0 ok\r\n")

    def keep(self, recipients, content):
        with self.lock:
            for recipient in recipients:
                self.messages.setdefault(recipient, []).append(content)

    def taken(self, recipient):
        """What came for this recipient since the last time, in order."""
        with self.lock:
            return self.messages.pop(recipient, [])

    def close(self):
        self.listener.close()


class Sender:
    """One session towards the edge."""

    def __init__(self, port):
        self.connection = socket.create_connection(("127.0.0.1", port), SECONDS)
        self.lines = self.connection.makefile("rb")
        self.reply()
        self.offer = self.command(b"EHLO mail.contoso.example")

    def command(self, *octets):
        self.connection.sendall(b"".join(octets[:1]) + b"\r\n" + b"".join(octets[1:]))
        return self.reply()

    def reply(self):
        reply = b""
        while line := self.lines.readline():
            reply += line
            if line[3:4] != b"-":
                return reply
        raise Failed(f"the edge closed the session after {reply!r}")

    def send(self, recipient, message):
        """The answer to the end of the message, or to what was refused before it."""
        body = b" BODY=BINARYMIME" if b"BINARYMIME" in self.offer else b" BODY=8BITMIME"
        for command in (b"MAIL FROM:<%s>" % PERSON.encode() + body, b"RCPT TO:<%s>" % recipient.encode()):
            reply = self.command(command)
            if not reply.startswith(b"2"):
                self.command(b"RSET")
                return reply
        return self.command(b"BDAT %d LAST" % len(message), message)

    def close(self):
        self.connection.close()


class Edge:
    """`signet run` with one tenant, in a folder of its own. Use it in `with`."""

    def __init__(self, program, folder, words):
        self.folder = Path(folder)
        self.sink = Sink()
        configuration = self.folder / "signet.toml"
        configuration.write_text(CONFIGURATION)
        file = self.folder / "tenant.json"
        file.write_text(json.dumps(tenant(self.sink.port, words)))
        config = ["--config", str(configuration)]
        self.run([program, "key", *config])
        self.run([program, "tenant", "import", str(file), *config])
        self.process = subprocess.Popen([program, "run", *config], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.port = self.started()

    def run(self, command):
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS)
        if done.returncode:
            raise Failed(f"{' '.join(command)}: {done.stdout}{done.stderr}")

    def started(self):
        """The port of the listener, from the line that says that all is ready; the rest of the log is read away."""
        seen = b""
        for line in self.process.stdout:
            seen += line
            if b"Started." in line:
                threading.Thread(target=self.process.stdout.read, daemon=True).start()
                return int(re.search(rb"listeners\W+127\.0\.0\.1:(\d+)", line).group(1))
        raise Failed(f"signet run ended: {seen.decode('utf-8', 'replace')}")

    def __enter__(self):
        # The first session teaches the edge what its next hop offers; those after it are offered the same.
        first = Sender(self.port)
        reply = first.send("first@fabrikam.example", b"From: %s\r\n\r\nfirst\r\n" % PERSON.encode())
        first.close()
        if not reply.startswith(b"250"):
            raise Failed(f"the first message: {reply!r}")
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.sink.close()
