#!/bin/sh
# SPDX-License-Identifier: MIT
# peer-shell.sh FOLDER DATABASE: find, xargs, unzip and sqlite3, with awk in between.
#
# Two processes unzip; each batch of files becomes a file of SQL. One table and one of names.
set -eu

folder=$1
database=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export work

# shellcheck disable=SC2016 # the inner shell expands
find "$folder" -name '*.cbz' -print0 | xargs -0 -P2 -n200 sh -c '
	for path; do
		printf "\001%s\n" "$path"
		unzip -p "$path" "*ComicInfo.xml" 2>/dev/null || :
		printf "\n"
	done >"$work/$$.txt"' sh

cat "$work"/*.txt | awk '
function plain(text) {
	gsub(/&lt;/, "<", text); gsub(/&gt;/, ">", text); gsub(/&quot;/, "\"", text)
	gsub(/&amp;/, "\\&", text); gsub("\047", "\047\047", text)
	return "\047" text "\047"
}
BEGIN {
	print "PRAGMA journal_mode = WAL; BEGIN;"
	print "CREATE TABLE comic (id INTEGER PRIMARY KEY, path TEXT UNIQUE, Series TEXT,"
	print "Number TEXT, Volume TEXT, Title TEXT, Publisher TEXT, Year TEXT, Summary TEXT);"
	print "CREATE TABLE comic_name (comic_id INTEGER, kind TEXT, name TEXT,"
	print "PRIMARY KEY (comic_id, kind, name)) WITHOUT ROWID;"
	single = " Series Number Volume Title Publisher Year Summary "
	many = " Characters Teams Locations Genre Tags Writer Penciller Inker Colorist Letterer "
}
/^\001/ {
	id++
	print "INSERT INTO comic (id, path) VALUES (" id ", " plain(substr($0, 2)) ");"
	next
}
match($0, /<[A-Za-z]+>/) {
	name = substr($0, RSTART + 1, RLENGTH - 2)
	text = substr($0, RSTART + RLENGTH)
	sub("</" name ">.*", "", text)
	if (index(single, " " name " "))
		print "UPDATE comic SET " name " = " plain(text) " WHERE id = " id ";"
	else if (index(many, " " name " ")) {
		count = split(text, names, /, */)
		for (i = 1; i <= count; i++)
			print "INSERT OR IGNORE INTO comic_name VALUES (" id ", \047" name "\047, " \
				plain(names[i]) ");"
	}
}
END { print "COMMIT;" }' | sqlite3 "$database" >"$work/log"
