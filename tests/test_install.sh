#!/bin/bash
# test_install.sh - what `make install` puts down can be used by a stranger.
# Argument: a build folder that is up to date. Everything goes to a temporary
# DESTDIR; examples/verify.c is built against that and run.
set -u
build=$(cd "$1" && pwd) || exit 1
source=$(cd "$(dirname "$0")/.." && pwd) || exit 1
dest=$(mktemp -d) || exit 1
trap 'rm -rf "$dest"' EXIT
n=0 failed=0

# check NAME COMMAND...: one case
check()
{
	local name=$1
	shift
	n=$((n + 1))
	if "$@" >"$dest/out" 2>&1; then
		echo "ok $n - $name"
	else
		sed 's/^/# /' "$dest/out"
		echo "not ok $n - $name"
		failed=$((failed + 1))
	fi
}

find_one()
{
	[ -n "$(find "$dest" -path "$dest/$1" | head -1)" ] || { echo "nothing is at $1"; return 1; }
}

only_tf_symbols()
{
	local lib others
	lib=$(find "$dest" -name 'libtruefrom.so' | head -1)
	nm -D --defined-only "$lib" >"$dest/symbols" || return 1
	others=$(awk '$3 !~ /^tf_/ { print $3 }' "$dest/symbols")
	[ -z "$others" ] || { echo "$others"; return 1; }
	grep -q ' T tf_' "$dest/symbols" || { echo "no tf_ function is exported"; return 1; }
}

# the header alone must do, for C and with strict warnings
header_stands_alone()
{
	echo '#include <truefrom/truefrom.h>' >"$dest/alone.c"
	gcc -std=c17 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I"$include" "$dest/alone.c"
}

builds_the_example()
{
	local flags
	flags=$(pkg-config --cflags --libs truefrom) || return 1
	# shellcheck disable=SC2086 # flags are words
	gcc -std=c17 -Wall -Wextra -Werror -o "$dest/verify" "$source/examples/verify.c" $flags
}

example_is_short()
{
	[ "$(wc -l <"$source/examples/verify.c")" -lt 60 ]
}

runs_the_example()
{
	LD_LIBRARY_PATH=$libdir "$dest/verify" "$source/examples/genuine/message.eml" 192.0.2.25 \
		alice@example.org "$source/examples/genuine/dns.zone" | tee /dev/stderr | grep -q 'dmarc: pass'
}

check "meson install" env DESTDIR="$dest" meson install -C "$build" --no-rebuild
pc=$(find "$dest" -name truefrom.pc | head -1)
libdir=$(dirname "$(find "$dest" -name 'libtruefrom.so' | head -1)")
include=$(dirname "$(find "$dest" -type d -path '*/include/truefrom' | head -1)")
export PKG_CONFIG_PATH PKG_CONFIG_SYSROOT_DIR
PKG_CONFIG_PATH=$(dirname "$pc") PKG_CONFIG_SYSROOT_DIR=$dest

check "the shared library" find_one '*/libtruefrom.so.0'
check "only tf_* is exported" only_tf_symbols
check "the header stands alone" header_stands_alone
check "pkg-config knows the library" pkg-config --exists --print-errors truefrom
check "examples/verify.c builds against what is installed" builds_the_example
check "examples/verify.c is under 60 lines" example_is_short
check "examples/verify.c judges a mail" runs_the_example
check "the command" find_one '*/bin/truefrom'
for page in truefrom.1 truefrom-verify.1 truefrom-spf.1 truefrom-explain.1 libtruefrom.3; do
	check "the manual page $page" find_one "*/man/man*/$page"
done
check "completion for bash" find_one '*/bash-completion/completions/truefrom'
check "completion for zsh" find_one '*/site-functions/_truefrom'
check "completion for fish" find_one '*/vendor_completions.d/truefrom.fish'
echo "1..$n"
exit $((failed > 0))
