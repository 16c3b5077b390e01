#!/usr/bin/env bash
# Makes sure that what the console's build needs is there: node, and the packages of its lock file. Run by `make run`,
# `make test` and `make console`.
#
# Does not install node: which, and how, is for the owner of the machine to say. Changes nothing when all is there.
set -euo pipefail
cd "$(dirname "$0")/../console"

fits='const [a, b] = process.versions.node.split(".").map(Number); process.exit((a == 20 && b >= 19) || (a == 22 && b >= 12) || a > 22 ? 0 : 1)'
if ! command -v node >/dev/null || ! node -e "$fits" || ! command -v npm >/dev/null; then
    echo "node 20.19 or newer with npm is needed. See https://nodejs.org/en/download" >&2
    exit 1
fi

# npm leaves a copy of what it installed beside the packages.
if [ ! -e node_modules/.installed ] || ! cmp --silent package-lock.json node_modules/.installed; then
    npm ci --no-audit --no-fund
    cp package-lock.json node_modules/.installed
fi
