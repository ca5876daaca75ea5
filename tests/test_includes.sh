#!/bin/sh
# test_includes.sh - includes point one way: tools/layers holds for every file
# of src/. One case a room, one a library of others. Argument: the source tree.
set -u
cd "$1" || exit 1

# "FILE INCLUDED" for each include of src/
find src -name '*.[ch]' | sort | while read -r file; do
	sed -n 's|^[ \t]*#[ \t]*include[ \t]*[<"]\([^>"]*\)[>"].*|\1|p' "$file" | sed "s|^|$file |"
done | awk '
	function trim(s) { gsub(/^[ \t]+|[ \t]+$/, "", s); return s }
	function complain(key, text) { bad[key] = bad[key] "# " text "\n" }
	function report(key, name) {
		failed += key in bad
		if (key in bad)
			printf "%snot ok %d - %s\n", bad[key], ++n_cases, name
		else
			printf "ok %d - %s\n", ++n_cases, name
	}
	function allowed_file(file, prefixes,    n, i, list) {
		n = split(prefixes, list, " ")
		for (i = 1; i <= n; i++)
			if (index(file, list[i]) == 1)
				return 1
		return 0
	}
	FNR == NR {                                     # tools/layers
		sub(/#.*/, "")
		if (index($0, "@")) {
			split($0, part, "@")
			only[trim(part[1])] = trim(part[2])
		} else if (index($0, "<")) {
			levels = split($0, layer, "<")
			for (i = 1; i <= levels; i++) {
				n = split(layer[i], names, ",")
				for (j = 1; j <= n; j++)
					level[trim(names[j])] = i
			}
		} else if (index($0, ">")) {
			split($0, part, ">")
			neighbour[trim(part[1]), trim(part[2])] = 1
		}
		next
	}
	{
		split($1, path, "/")
		room = path[2]
		rooms[room] = 1
		split($2, path, "/")
		other = path[1]
		if (!(room in level))
			complain(room, $1 ": the room is not in tools/layers")
		else if (index($2, "/") && other in level && other != room &&
			 level[other] >= level[room] && !((room, other) in neighbour))
			complain(room, $1 " includes " $2)
		else if (index($2, "tests/") == 1 || index($2, "..") == 1)
			complain(room, $1 " includes " $2)
		for (prefix in only)
			if (index($2, prefix) == 1 && !allowed_file($1, only[prefix]))
				complain(prefix, $1 " includes " $2 ", which is for " only[prefix])
	}
	END {
		if (levels < 2)
			complain("base", "tools/layers has no line of layers")
		for (room in rooms)
			report(room, "src/" room " includes only what stands left of it")
		for (prefix in only)
			report(prefix, "<" prefix "> is included only by " only[prefix])
		printf "1..%d\n", n_cases
		exit failed > 0
	}' tools/layers -
