#!/bin/sh
# test_docs.sh SOURCE - what the documents name is there: every path in
# `backticks` that begins with a folder of the tree, and every link. TAP.
set -u
cd "$1" || exit 1
n=0 failed=0

# shellcheck disable=SC2016 # the backticks are literal
paths_of()
{
	grep -o '`[A-Za-z0-9_./-]*`' "$1" | tr -d '`' | sed 's|^\./||' |
		grep -E '^(src|tests|tools|docs|examples|fuzz|bench|include|base|dns|mail|crypto|spf|dkim|arc|dmarc|verify|cli)/' |
		grep -v '[A-Z][A-Z]' # MODULE, NAME: stand for something
	grep -o '](\([^)#]*\))' "$1" | sed 's/^](//; s/)$//' | grep -v '^http' | sed "s|^|$(dirname "$1")/|"
}

for doc in *.md docs/*.md docs/rfc-notes/*.md examples/*.md; do
	[ -f "$doc" ] || continue
	missing=
	for path in $(paths_of "$doc" | sort -u); do
		[ -e "$path" ] || [ -e "src/$path" ] || missing="$missing $path"
	done
	n=$((n + 1))
	if [ -z "$missing" ]; then
		echo "ok $n - all that $doc names is there"
	else
		echo "# missing:$missing"
		echo "not ok $n - all that $doc names is there"
		failed=$((failed + 1))
	fi
done

# names_in FILE PATTERN MANUAL: each name that a table of the source gives to users is in the manual
names_in()
{
	missing=
	names=$(grep -oE "$2" "$1" | grep -oE '"[a-z0-9_-]+"' | tr -d '"' | sort -u)
	[ -n "$names" ] || missing=" (no name was found)"
	for name in $names; do
		grep -qF -e "*$name*" -e "@evidence $name@" "$3" || missing="$missing $name"
	done
	n=$((n + 1))
	if [ -z "$missing" ]; then
		echo "ok $n - $3 names all of $1"
	else
		echo "# missing:$missing"
		echo "not ok $n - $3 names all of $1"
		failed=$((failed + 1))
	fi
}

man=docs/man/truefrom-explain.1.scd
names_in src/explain/evidence.c '^	\{ "[a-z_]+", POINTS' $man
names_in src/explain/verdict.c '\] = \{ "[a-z_]+", [0-9] \}' $man
names_in src/lookalike/lookalike.c '\[LOOKALIKE_[A-Z_]+\] = "[a-z_]+"' $man
# fields of JSON that verify_json does not write
names_in src/explain/explain_json.c '"[a-z_]+"' $man

n=$((n + 1))
cases=$(find tests/cases -mindepth 1 -maxdepth 1 -type d | wc -l)
if grep -q "holds $cases mails" README.md; then
	echo "ok $n - README counts the cases of the catalogue"
else
	echo "# there are $cases"
	echo "not ok $n - README counts the cases of the catalogue"
	failed=$((failed + 1))
fi

echo "1..$n"
exit $((failed > 0))
