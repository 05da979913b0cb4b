# SPDX-License-Identifier: MIT
# scan.bash: what the bats files of comic-scan share; after helpers.

# with_fault WHAT COMMAND...: the command with a system call failing, as strace -e inject says.
# (The leak checker cannot work under a tracer.)
with_fault() {
    local what=$1
    shift
    ASAN_OPTIONS=$ASAN_OPTIONS:detect_leaks=0 strace -f -qq -o /dev/null -e "inject=$what" "$@"
}

# remember DB ROOT...: a database that knows every comic below the roots as it is now.
remember() {
    /usr/bin/python3 - "$@" <<'PYTHON'
import os, sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.executescript("""CREATE TABLE IF NOT EXISTS comic (id INTEGER PRIMARY KEY AUTOINCREMENT,
  path TEXT NOT NULL UNIQUE, size INTEGER, mtime INTEGER, ino INTEGER);
CREATE INDEX IF NOT EXISTS comic_ino ON comic (ino);
CREATE TABLE IF NOT EXISTS failed (path TEXT PRIMARY KEY, size INTEGER, mtime INTEGER, ino INTEGER,
  code TEXT, reason TEXT, attempts INTEGER);""")
for root in sys.argv[2:]:
    for folder, _, names in os.walk(os.path.abspath(os.fsencode(root))):
        for name in names:
            path = os.path.join(folder, name)
            if name.lower()[-4:] in (b".cbz", b".cbr", b".cb7", b".cbt", b".pdf"):
                st = os.stat(path)
                ino = st.st_ino - (1 << 64) if st.st_ino >= 1 << 63 else st.st_ino
                db.execute("INSERT INTO comic (path, size, mtime, ino) VALUES (CAST(? AS TEXT), ?, ?, ?)",
                           (path, st.st_size, st.st_mtime_ns, ino))
db.commit()
PYTHON
}

sql() {
    sqlite3 lib.db "$@"
}

# comics FILE...: old files with their own name as content.
comics() {
    local path
    for path in "$@"; do
        mkdir -p "$(dirname "./$path")"
        printf '%s' "$path" > "./$path"
        touch -d '2020-01-01 00:00:00.123456789' "./$path"
    done
}

# changes FILE: the records of a stream but for begin and end, one short line each, paths as
# below the working directory.
changes() {
    comic-cat "$1" | jq -r --arg here "$PWD/" '
        def short: if type == "string" then ltrimstr($here) else tojson end;
        if .t == "file" then "\(.change) \(.path | short)"
        elif .t == "moved" then "moved \(.from | short) \(.path | short)"
        elif .t == "gone" then "gone \(.path | short)\(if .id then "" else " (failed)" end)"
        else empty end'
}

# scan ARGS...: runs comic-scan with the database lib.db; its changes are then in $output, its
# messages in the file messages, its stream in the file stream.
scan() {
    comic-scan --settle 0 --db lib.db "$@" > stream 2> messages || return $?
    comic-cat --check stream
    changes stream
}

same() { # WANT: $output is exactly that
    [ "$output" = "$1" ] || { printf 'want:\n%s\ngot:\n%s\n' "$1" "$output"; return 1; }
}
