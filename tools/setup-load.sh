#!/usr/bin/env bash
# Installs the contenders of `make load` (Debian packages postfix and haproxy) when they are missing.
#
# Their services are never started: `make load` starts instances of its own in folders of their own. Safe to run
# twice. What cannot be had is said in one line and left out of the comparison; this script does not fail for it.
set -uo pipefail

here=$(dirname "$0")
for package in postfix haproxy; do
    "$here/setup-tests.sh" "$package" || echo "setup-load.sh: $package cannot be installed: measured without it" >&2
done
