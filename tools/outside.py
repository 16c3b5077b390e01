"""Programs of others, each in a process of its own that has little memory and little time: what they read is hostile."""

import os
import shutil
import subprocess

SECONDS = 60
KILOBYTES = 1 << 21
# Programs, and where Debian has them.
NEEDED = {
    "ytnef": "ytnef-tools",
    "ytnefprint": "ytnef-tools",
    "openssl": "openssl",
    "gpg": "gpg",
    "gpg-agent": "gpg-agent",
}


def missing():
    """The Debian packages whose programs are not there."""
    return sorted({package for program, package in NEEDED.items() if not shutil.which(program)})


def run(*command, octets=b"", **variables):
    """Its exit code, what it said and what it complained of. No code: it had no end in time."""
    limited = ["sh", "-c", f'ulimit -v {KILOBYTES} && ulimit -t {SECONDS} && exec "$@"', "sh", *map(str, command)]
    environment = {**os.environ, "LC_ALL": "C", "TZ": "UTC", **variables}
    try:
        done = subprocess.run(limited, input=octets, capture_output=True, timeout=SECONDS, env=environment)
    except subprocess.TimeoutExpired:
        return None, b"", b""
    return done.returncode, done.stdout, done.stderr
