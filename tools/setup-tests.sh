#!/usr/bin/env bash
# Installs the Debian packages that the tests use, when they are missing. Run by `make test`, `make corpus`, `make bench`
# and, through setup-load.sh, `make load`.
#
# setup-tests.sh [PACKAGE…]   without arguments: all of them, and schemathesis
#
# Schemathesis is a package of Python (setup-python.sh).
#
# Postfix comes without a configuration, and neither its service nor HAProxy's or PostgreSQL's is ever started: the tests
# start instances of their own in folders of their own. Safe to run twice. Needs root or sudo, and without arguments
# fails without, even when nothing is missing: some tests start Postfix and PostgreSQL and trace processes, and no test
# is skipped for want of a right.
set -euo pipefail

packages=(postfix haproxy swaks strace faketime python3 python3-venv procps postgresql chromium openssl)

installed() { dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null | grep -qx installed; }

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        echo "setup-tests.sh: root or sudo is needed, for: ${missing[*]:-the tests that start Postfix}" >&2
        exit 1
    fi
}

# Packages start their services when they are installed, unless this file says no.
policy=/usr/sbin/policy-rc.d
forbid_services() {
    [ -e "$policy" ] && return
    # shellcheck disable=SC2064
    trap "$(declare -f as_root); as_root rm -f $policy" EXIT
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
    as_root chmod 755 "$policy"
}

install_postfix_unconfigured() {
    echo "postfix postfix/main_mailer_type select No configuration" | as_root debconf-set-selections
}

missing=()
[ $# -gt 0 ] && wanted=("$@") || wanted=("${packages[@]}")
for package in "${wanted[@]}"; do
    # A program from elsewhere (a Python of the user's own) serves as well as the package.
    if [ "$package" = postgresql ]; then
        compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=("$package")
    elif [ "$package" = python3-venv ]; then
        python3 -c 'import ensurepip, venv' 2>/dev/null || missing+=("$package")
    elif [ "$package" = postfix ] || [ "$package" = procps ] || [ "$package" = ytnef-tools ]; then
        installed "$package" || missing+=("$package")
    elif ! command -v "$package" >/dev/null; then
        missing+=("$package")
    fi
done

if [ ${#missing[@]} -eq 0 ]; then
    [ $# -gt 0 ] || { as_root true && "$(dirname "$0")/setup-python.sh" schemathesis; }
    exit 0
fi

if ! command -v apt-get >/dev/null; then
    echo "setup-tests.sh: this is no Debian system; please install: ${missing[*]}" >&2
    exit 1
fi

echo "Installing for the tests: ${missing[*]}" >&2
as_root apt-get -qq update
forbid_services
case " ${missing[*]} " in *" postfix "*) install_postfix_unconfigured ;; esac
as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends -y "${missing[@]}" >&2

# Not now (policy-rc.d above) and not at the next boot either.
for service in postfix haproxy postgresql; do
    case " ${missing[*]} " in *" $service "*)
        if command -v systemctl >/dev/null; then as_root systemctl --quiet disable "$service.service" 2>/dev/null || true; fi
        ;;
    esac
done

# Last, so that whatever Debian has to give is there.
[ $# -gt 0 ] || "$(dirname "$0")/setup-python.sh" schemathesis
