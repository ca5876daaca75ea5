#!/bin/sh
# test_manual.sh SOURCE TRUEFROM - each command's manual page names each of its
# options, truefrom(1) each command. (test_docs.sh looks for evidence, verdicts and JSON; what
# else comes from tables is put there by gen-manual.) TAP.
set -u
source=$1
man=$source/docs/man
truefrom=$2
n=0 failed=0

# case_of NAME PROBLEMS: ok when there are none
case_of()
{
	n=$((n + 1))
	if [ -z "$2" ]; then
		echo "ok $n - $1"
	else
		echo "# missing: $2"
		echo "not ok $n - $1"
		failed=$((failed + 1))
	fi
}

# the words of standard input that the page does not have in bold
not_named_in()
{
	while read -r word; do
		grep -qF -e "*$word*" "$1" || printf '%s ' "$word"
	done
}

commands=$("$truefrom" --help | awk '/^Commands:/ { on = 1; next } on && /^  [a-z]/ { print $1; next } on { exit }')
case_of "truefrom --help lists commands" "$([ -n "$commands" ] || echo all)"
for command in $commands; do
	case_of "truefrom(1) names $command" "$(echo "truefrom-$command" | not_named_in "$man/truefrom.1.scd")"
	case_of "truefrom-$command(1) names every option" \
		"$("$truefrom" "$command" --help | sed -n 's/^  \(--[a-z-]*\).*/\1/p' |
			not_named_in "$man/truefrom-$command.1.scd" 2>&1)"
done
echo "1..$n"
exit $((failed > 0))
