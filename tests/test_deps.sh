#!/bin/sh
# test_deps.sh SOURCE - tools/deps where it installs nothing: DEPS=no, another
# system, everything there. TAP.
set -u
cd "$1" || exit 1
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
n=0 failed=0

# says STATUS NAME TEXT: the last run ended with STATUS, and TEXT (may be empty) is all of a line it printed
says()
{
	n=$((n + 1))
	if [ "$status" = "$1" ] && { [ -z "$3" ] || grep -qx -e "$3" "$tmp/out"; }; then
		echo "ok $n - $2"
	else
		sed 's/^/# /' "$tmp/out"
		echo "# status $status"
		echo "not ok $n - $2"
		failed=$((failed + 1))
	fi
}

deps()
{
	env "$1" "$2" tools/deps build test >"$tmp/out" 2>&1
	status=$?
}

printf 'ID=elsewhere\nVERSION_ID="12"\n' >"$tmp/elsewhere"
printf 'ID=debian\nVERSION_ID="13"\n' >"$tmp/newer"
: >"$tmp/empty"

deps DEPS=no "OS_RELEASE=$tmp/elsewhere"
says 0 "DEPS=no does nothing" ""
[ -s "$tmp/out" ] && status=printed
says 0 "DEPS=no says nothing" ""
for system in elsewhere newer empty missing; do
	deps DEPS=yes "OS_RELEASE=$tmp/$system"
	says 1 "$system: the list is printed, and that is all" "  meson"
	says 1 "$system: packages of both sections" "  nsd"
done
echo "1..$n"
exit $((failed > 0))
