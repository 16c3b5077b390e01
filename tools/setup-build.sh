#!/usr/bin/env bash
# Makes sure that what a build needs is there: a C compiler and cargo. Run by `make run` and `make test`.
#
# Installs the compiler by apt where it may (root or sudo). Does not install Rust: which toolchain, and how, is for
# the owner of the machine to say. Changes nothing when both are there.
set -euo pipefail

if ! command -v cc >/dev/null; then
    echo "No C compiler: installing gcc and libc6-dev." >&2
    if [ "$(id -u)" = 0 ]; then
        root=()
    elif command -v sudo >/dev/null; then
        root=(sudo)
    else
        echo "A C compiler is needed. As root: apt-get install gcc libc6-dev" >&2
        exit 1
    fi
    "${root[@]}" apt-get -qq update
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends -y gcc libc6-dev >&2
fi

if ! command -v cargo >/dev/null; then
    echo "cargo is needed, Rust 1.95 or newer. See https://www.rust-lang.org/tools/install" >&2
    exit 1
fi
