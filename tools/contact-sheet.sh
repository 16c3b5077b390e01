#!/usr/bin/env bash
# Pictures of every template of the library: all of them for one person, in light and dark, and each for people with few
# facts, none, long ones and a name that reads right to left. Written to target/contact-sheet/*.png.
#
# Dark is Chromium's own darkening, which turns colours as mail programs do that are set to dark.
set -euo pipefail
cd "$(dirname "$0")/.."

command -v chromium >/dev/null || {
	echo "installing chromium"
	if [ "$(id -u)" = 0 ]; then apt-get -qq install -y chromium >/dev/null; else sudo apt-get -qq install -y chromium >/dev/null; fi
}

folder=$PWD/target/contact-sheet
profile=$(mktemp -d)
trap 'rm -rf "$profile"' EXIT

shoot() { # page, picture, size, further options
	local page=$1 picture=$2 size=$3
	shift 3
	chromium --headless=new --no-sandbox --disable-gpu --hide-scrollbars --user-data-dir="$profile" "$@" \
		--window-size="$size" --screenshot="$folder/$picture.png" "file://$folder/$page.html" >/dev/null 2>&1
	test -s "$folder/$picture.png"
	echo "$folder/$picture.png"
}

dark=(--enable-features=WebContentsForceDark --blink-settings=forceDarkModeEnabled=true)
shoot full light 1300,3000
shoot full dark 1300,3000 "${dark[@]}"
shoot people people-light 1900,9000
shoot people people-dark 1900,9000 "${dark[@]}"
