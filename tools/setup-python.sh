#!/usr/bin/env bash
# Makes an environment of Python for tools that Debian does not have, below the target folder, in the versions of
# NAME.txt beside this script; anew when that file changes. Says nothing when it is there.
#
# setup-python.sh NAME
set -euo pipefail

wanted=$(dirname "$0")/$1.txt
place=${CARGO_TARGET_DIR:-$(dirname "$0")/../target}/$1
cmp --quiet "$wanted" "$place/installed.txt" && exit 0
echo "Installing for the tests: $1" >&2
rm -rf "$place"
mkdir -p "$(dirname "$place")"
python3 -m venv "$place"
"$place/bin/pip" install --quiet --disable-pip-version-check --no-deps --requirement "$wanted" >&2
cp "$wanted" "$place/installed.txt"
