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
echo "1..$n"
exit $((failed > 0))
