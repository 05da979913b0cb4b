#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# comic-scan: what it finds, in which order, what it ignores, and what it does not trust.
load helpers
load scan

# ---- what is found ----------------------------------------------------------------------------

@test "a group of file records, with the identity to the nanosecond" {
    comics lib/a.cbz
    touch -d '1969-12-31 23:59:59.5' lib/a.cbz
    comic-scan lib > stream
    comic-cat stream | jq -c 'del(.dev)' > json
    cat > want <<WANT
{"t":"begin","v":1,"by":"comic-scan $(cat "$PROJECT/VERSION")","roots":["$PWD/lib"],"complete":true}
{"t":"file","path":"$PWD/lib/a.cbz","size":9,"mtime":"-500000000","ino":"$(stat -c %i lib/a.cbz)","change":"new"}
{"t":"end","records":1,"files":1,"new":1,"modified":0,"touched":0,"moved":0,"unsettled":0,"gone":0,"unchanged":0,"unreadable":0,"refused":0}
WANT
    diff want json
    [ "$(comic-cat stream | jq 'select(.t == "file").dev')" = "$(stat -c %d lib/a.cbz)" ]
}

@test "only comics, by their suffix in any case" {
    comics lib/{a.cbz,b.CBR,c.Cb7,d.cbt,e.pDf,f.zip,g.rar,h.txt,cbz,i.cbz.bak,j.epub}
    run -0 scan lib
    same "$(printf 'new lib/%s\n' a.cbz b.CBR c.Cb7 d.cbt e.pDf)"
}

@test "full paths come in byte order" {
    comics lib/{a/1.cbz,a.cbz,a-b/1.cbz,a/b/1.cbz,a/b.cbz,a/b-c/1.cbz,A/1.cbz,'a b/1.cbz',a0.cbz,é/1.cbz}
    comic-scan --print0 lib > got
    LC_ALL=C sort -z got | cmp - got
    [ "$(tr -dc '\0' < got | wc -c)" -eq 10 ]
    ln -s a lib/a+
    comic-scan --print0 lib > got
    LC_ALL=C sort -z got | cmp - got
    [ "$(tr -dc '\0' < got | wc -c)" -eq 14 ]
}

@test "any byte in a name" {
    names=($'new\nline' $'tab\t' 'quote"' "apostrophe'" 'back\slash' '%s%n' '-rf' '<&>' '*' $'\x01' $'bad\xff' $'\xed\xa0\x80' ' ')
    for name in "${names[@]}"; do comics "lib/$name.cbz"; done
    comics $'lib/folder\xff\nz/x.cbz'
    find "$PWD/lib" -name '*.cbz' -print0 | LC_ALL=C sort -z > want
    comic-scan -0 lib | cmp - want
    comic-scan lib | comic-cat --check
    comic-scan lib | /usr/bin/python3 -c '
import msgpack, sys
for r in msgpack.Unpacker(sys.stdin.buffer, raw=False):
    if r["t"] == "file":
        p = r["path"]
        sys.stdout.buffer.write((p if isinstance(p, bytes) else p.encode()) + b"\0")' | cmp - want
}

@test "composed and decomposed names are two comics" {
    comics $'lib/caf\xc3\xa9.cbz' $'lib/cafe\xcc\x81.cbz'
    [ "$(comic-scan -0 lib | tr -dc '\0' | wc -c)" -eq 2 ]
}

@test "a name of 255 bytes, a path of more than 5,000" {
    long=$(printf 'x%.0s' $(seq 251))
    /usr/bin/python3 - "$long" <<'PYTHON'
import os, sys
os.mkdir("lib"); os.chdir("lib")
for i in range(20):
    os.mkdir(sys.argv[1]); os.chdir(sys.argv[1])
open(sys.argv[1] + ".cbz", "w").close()
PYTHON
    comic-scan --settle 0 -0 lib > got
    [ "$(wc -c < got)" -eq $((${#PWD} + 4 + 21 * 252 + 4 + 1)) ]
    # It is known the next time.
    comic-scan --settle 0 lib > stream
    comic-cat stream | jq -r 'select(.t == "file") | "INSERT INTO comic VALUES (1, \u0027\(.path)\u0027, \(.size), \(.mtime), \(.ino));"' > insert
    remember lib.db
    sql < insert
    run -0 scan lib
    same ''
    # Found as moved when the folder near the top gets another name.
    mv "lib/$long" lib/new
    run -0 scan lib
    [[ "$output" == "moved lib/xxx"*"lib/new/xxx"* ]]
    [ "${#lines[@]}" -eq 1 ]
    rm -rf lib
}

@test "hundreds of levels with few descriptors" {
    /usr/bin/python3 - <<'PYTHON'
import os
os.mkdir("lib"); os.chdir("lib")
for i in range(400):
    for name in ("a.cbz", "z.cbz", "n1/x.cbz"):
        os.makedirs(os.path.dirname(name) or ".", exist_ok=True)
        open(name, "w").close()
    os.mkdir("m"); os.chdir("m")
PYTHON
    find "$PWD/lib" -name '*.cbz' -print0 | LC_ALL=C sort -z > want
    run -0 bash -c 'ulimit -n 40; comic-scan --settle 0 -0 lib > got'
    cmp got want
    run -0 bash -c 'ulimit -n 12; comic-scan --settle 0 -0 lib > got'
    cmp got want
    rm -rf lib
}

@test "links are followed; loops end with a note; a link to nothing is a note" {
    comics lib/a/1.cbz other/2.cbz
    ln -s . lib/loop
    ln -s ../.. lib/a/up
    ln -s ../other lib/other
    ln -s ../other/2.cbz lib/two.cbz
    ln -s nowhere lib/d.cbz
    ln -s nowhere lib/nothing
    run -0 scan lib
    same "$(printf 'new lib/%s\n' a/1.cbz a/up/other/2.cbz other/2.cbz two.cbz)"
    sort messages > sorted
    cat > want <<WANT
comic-scan: $PWD/lib/a/up/lib/: skipped: a link to a folder above it
comic-scan: $PWD/lib/d.cbz: skipped: a symbolic link to nothing
comic-scan: $PWD/lib/loop/: skipped: a link to a folder above it
WANT
    diff want sorted
    run -0 --separate-stderr comic-scan -q -0 lib
    [ -z "$stderr" ]
}

@test "what is no regular file is skipped with a note" {
    comics lib/ok.cbz
    mkfifo lib/pipe.cbz
    mkdir lib/folder.cbz
    comics lib/folder.cbz/inside.cbz
    /usr/bin/python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("lib/socket.cbz")'
    ln -s /dev/null lib/null.cbz
    run -0 scan lib
    same 'new lib/ok.cbz'
    cat > want <<WANT
comic-scan: $PWD/lib/folder.cbz: skipped: a folder, not a comic
comic-scan: $PWD/lib/null.cbz: skipped: a device, not a comic
comic-scan: $PWD/lib/pipe.cbz: skipped: a pipe, not a comic
comic-scan: $PWD/lib/socket.cbz: skipped: a socket, not a comic
WANT
    diff want messages
}

@test "sizes and times at the edges" {
    comics lib/{big,old,new,empty}.cbz
    truncate -s 10G lib/big.cbz
    : > lib/empty.cbz
    touch -d 1901-12-14 lib/old.cbz
    touch -d 2400-01-01 lib/new.cbz
    run -0 scan lib
    same "$(printf 'new lib/%s.cbz\n' big empty new old)"
    [ "$(comic-cat stream | jq -c 'select(.path and (.path | endswith("big.cbz"))).size')" = 10737418240 ]
    [ "$(comic-cat stream | jq -r 'select(.path and (.path | endswith("old.cbz"))).mtime')" = "$(stat -c %Y lib/old.cbz)000000000" ]
    # Beyond 2262 there are no nanoseconds in 64 bits: the last one stands for all.
    [ "$(comic-cat stream | jq -r 'select(.path and (.path | endswith("new.cbz"))).mtime')" = 9223372036854775807 ]
    remember lib.db
    comic-cat stream | jq -r 'select(.t == "file") | "INSERT INTO comic (path, size, mtime, ino) VALUES (\u0027\(.path)\u0027, \(.size), \(.mtime), \(.ino));"' | sql
    run -0 scan lib
    same ''
}

@test "the same tree gives the same bytes" {
    make_library --comics 200 --pages 1 lib
    comic-scan --settle 0 lib > one
    comic-scan --settle 0 lib > two
    cmp one two
}

@test "few system calls a comic" {
    [ -z "${SANITIZED:-}" ] && ! ldd "$BUILD/bin/comic-scan" | grep -q asan || skip 'sanitizer: makes calls of its own'
    /usr/bin/python3 - <<'PYTHON'
import os
for folder in range(100):
    os.makedirs(f"lib/{folder:03}")
    for comic in range(20):
        open(f"lib/{folder:03}/{comic}.cbz", "w").close()
PYTHON
    strace -f -qq -o trace comic-scan --settle 0 -0 lib > got
    [ "$(tr -dc '\0' < got | wc -c)" -eq 2000 ]
    [ "$(wc -l < trace)" -le $((2000 * 125 / 100 + 200)) ]
}

# ---- ignore rules -----------------------------------------------------------------------------

@test "built-in rules, below the root only" {
    comics .hidden/lib/{a.cbz,.b.cbz,._a.cbz,@eaDir/c.cbz,#recycle/d.cbz,__MACOSX/e.cbz,.Trash-1000/f.cbz} \
        .hidden/lib/{x.part/g.cbz,y.tmp/h.cbz,z.crdownload/i.cbz,'w.!qB/j.cbz',.~k.cbz,lost+found/l.cbz}
    run -0 scan .hidden/lib
    same "$(printf 'new .hidden/lib/%s\n' a.cbz lost+found/l.cbz)"
    run -0 --separate-stderr comic-scan --list-ignores
    [ "${#lines[@]}" -eq 11 ]
    # They are lines of an ignore file: taken back one by one, all is found.
    comic-scan --list-ignores | sed 's/^/!/' > .hidden/lib/.comicignore
    run -0 scan .hidden/lib
    [ "${#lines[@]}" -eq 13 ]
}

# Patterns of every kind, and the tree they are tried on.
ignore_tree() {
    local folder name
    for folder in . a a/b a/b/c old/a 'x y' '[z]' '#h' '!n'; do
        for name in 1 2 10 ab 'a b' '[z]' '#h' '!n' 'back\slash' é; do
            comics "lib/$folder/$name.cbz" "lib/$folder/$name.pdf"
        done
    done
    printf '%s\n' '*.pdf' '!1.pdf' '/2.cbz' 'a/*.pdf' '!a/b/ab.pdf' '' '   ' '# comment' \
        '\#h.cbz' '\!n.cbz' '**/c/1*.cbz' 'old/' '[[]z].cbz' > lib/.comicignore
    printf '\xef\xbb\xbf' > lib/a/.comicignore
    printf '%s\r\n' '!*.pdf' '[0-9].pdf' 'a\ b.cbz' 'b/**/é.*' '/[!a]*.cbz  ' 'back\\slash.cbz' \
        >> lib/a/.comicignore
    printf '%s\n' '!*' '?.cbz' '**' '!**/2.*' > lib/a/b/c/.comicignore
    printf '*\n!/a b.cbz' > 'lib/x y/.comicignore'
}

@test ".comicignore is what git makes of the same rules" {
    ignore_tree
    git init -q lib
    (cd lib && git -c core.excludesFile=/dev/null -c core.ignoreCase=false \
        ls-files --others --exclude-per-directory=.comicignore -z) | tr '\0' '\n' |
        sed "/\.comicignore$/d; s|^|$PWD/lib/|" | sort > want
    [ "$(wc -l < want)" -gt 50 ]
    [ "$(wc -l < want)" -lt 150 ]
    comic-scan -0 lib | tr '\0' '\n' | sort > got
    diff want got
}

@test "--why names the rule that decides, for every file" {
    ignore_tree
    comics lib/.hidden/1.cbz
    : > lib/readme.txt
    mkfifo lib/pipe.cbz
    here=$PWD/lib
    why() { comic-scan --exclude /10.cbz --why "$1" lib; }
    [ "$(why lib/1.cbz)" = "$here/1.cbz: taken" ]
    [ "$(why lib/1.pdf)" = "$here/1.pdf: taken: $here/.comicignore:2: !1.pdf" ]
    [ "$(why lib/ab.pdf)" = "$here/ab.pdf: ignored: $here/.comicignore:1: *.pdf" ]
    [ "$(why lib/10.cbz)" = "$here/10.cbz: ignored: --exclude: /10.cbz" ]
    [ "$(why lib/old/a/1.cbz)" = "$here/old/a/1.cbz: ignored with $here/old: $here/.comicignore:12: old/" ]
    [ "$(why lib/a/../a/2.pdf)" = "$here/a/2.pdf: ignored: $here/a/.comicignore:2: [0-9].pdf" ]
    [ "$(why lib/.hidden/1.cbz)" = "$here/.hidden/1.cbz: ignored with $here/.hidden: built-in rule: .*" ]
    [ "$(why lib/readme.txt)" = "$here/readme.txt: not a comic by its name" ]
    [ "$(why lib/pipe.cbz)" = "$here/pipe.cbz: not a regular file" ]
    [ "$(why lib/a)" = "$here/a: a folder that is walked" ]
    [ "$(why lib)" = "$here: a folder that is walked" ]
    [ "$(why lib/nope.cbz)" = "$here/nope.cbz: No such file or directory" ]
    [ "$(why elsewhere.cbz)" = "$PWD/elsewhere.cbz: not below a root" ]
    # The answer for each file is what the walk does with it.
    comic-scan -0 lib | tr '\0' '\n' | sort > taken
    find "$PWD/lib/a" -type f ! -name .comicignore | sort > all
    while IFS= read -r path; do
        case $(comic-scan --why "$path" lib) in
            *": taken"*) printf '%s\n' "$path" ;;
            *": ignored"*) ;;
            *) return 1 ;;
        esac
    done < all > said
    grep "^$PWD/lib/a/" taken | diff - said
}

@test "--exclude weighs more than any file, the last one most" {
    comics lib/{a,b,c}.cbz
    printf '!a.cbz\n' > lib/.comicignore
    run -0 scan --exclude '*.cbz' --exclude '!b.cbz' lib
    same 'new lib/b.cbz'
    run -0 scan --exclude '#a' --exclude a.cbz lib
    same "$(printf 'new lib/%s.cbz\n' b c)"
}

@test "what becomes ignored is gone" {
    comics lib/{a,b}.cbz
    remember lib.db lib
    echo b.cbz > lib/.comicignore
    run -0 scan lib
    same 'gone lib/b.cbz'
}

@test "an unreadable .comicignore refuses its root; the others finish" {
    comics lib/{a,b/c,d}.cbz other/{x,y}.cbz
    remember lib.db lib other
    rm lib/a.cbz lib/d.cbz other/x.cbz
    mkdir lib/.comicignore
    run -3 scan lib other
    changes stream > got
    [ "$(cat got)" = 'gone other/x.cbz' ]
    [ "$(comic-cat stream | jq -c 'select(.t == "begin").roots')" = "[\"$PWD/other\"]" ]
    [ "$(comic-cat stream | jq -c 'select(.t == "end") | [.gone, .refused]')" = '[1,1]' ]
    [ "$(cat messages)" = "comic-scan: $PWD/lib: refused: .comicignore: not a regular file" ]
    # One that is found half way: nothing of that root is gone, though some was missed by then.
    mv lib/.comicignore lib/b
    run -3 scan lib other
    changes stream > got
    [ "$(cat got)" = 'gone other/x.cbz' ]
    [ "$(cat messages)" = "comic-scan: $PWD/lib/b/: refused: .comicignore: not a regular file" ]
    rmdir lib/b/.comicignore
    head -c 1100000 /dev/zero > lib/b/.comicignore
    run -3 scan lib
    grep -q 'refused: .comicignore: more than 1 MiB' messages
}

# ---- what cannot be read ----------------------------------------------------------------------

@test "nothing below an unreadable folder is gone" {
    comics lib/{a/1,b/1,b/c/2,d/1}.cbz
    remember lib.db lib
    rm lib/a/1.cbz lib/b/1.cbz
    comics lib/e.cbz
    chmod 000 lib/b
    as_user comic-scan --settle 0 --db lib.db lib > stream 2> messages
    [ "$(cat messages)" = "comic-scan: warning: $PWD/lib/b/: open: Permission denied" ]
    run -0 changes stream
    same "$(printf '%s\n' 'new lib/e.cbz' 'gone lib/a/1.cbz')"
    [ "$(comic-cat stream | jq 'select(.t == "end").unreadable')" -eq 1 ]
    run -1 as_user comic-scan -f --strict --settle 0 --db lib.db lib
    chmod 755 lib/b
    run -0 scan lib
    same "$(printf '%s\n' 'new lib/e.cbz' 'gone lib/a/1.cbz' 'gone lib/b/1.cbz')"
}

@test "an entry that cannot be looked at exists" {
    comics lib/{a/1,a/2,b}.cbz
    comics lib/a/c/3.cbz
    remember lib.db lib
    chmod 644 lib/a
    as_user comic-scan --settle 0 --db lib.db lib > stream
    run -0 changes stream
    same ''
    [ "$(comic-cat stream | jq 'select(.t == "end").unreadable')" -eq 3 ]
    chmod 755 lib/a
}

@test "a folder whose listing fails, at once or in the end, is unreadable as a whole" {
    comics lib/{a/1,a/2,b/1}.cbz
    remember lib.db lib
    rm lib/a/1.cbz
    comics lib/a/3.cbz
    for call in 4 5; do # the first asks whether the root is empty; two list it; the next two list a
        with_fault getdents64:error=EIO:when=$call comic-scan --settle 0 --db lib.db lib > stream 2> messages
        [ "$(cat messages)" = "comic-scan: warning: $PWD/lib/a/: read: Input/output error" ]
        run -0 changes stream
        same ''
    done
    for call in 1 2 3; do # the root itself
        run -3 with_fault getdents64:error=EIO:when=$call comic-scan --settle 0 --db lib.db -o stream lib
        [[ "$output" == "comic-scan: $PWD/lib"*": refused: read: Input/output error" ]]
        run -0 changes stream
        same ''
    done
}

@test "a scan that is broken off has no end" {
    mkdir lib
    (cd lib && seq -f '%040.0f.cbz' 3000 | xargs touch)
    mkfifo pipe
    bash -c 'set -m; comic-scan --settle 0 lib > pipe 2> messages & exec 3< pipe; head -c 1 <&3 > first
        kill -INT $!; cat <&3 > rest; wait $!; echo $? > status'
    [ "$(cat status)" -eq 130 ]
    cat first rest > stream
    run -3 --separate-stderr comic-cat stream
    [[ "$stderr" == *"truncated stream"* ]]
    [ "$(comic-cat stream 2> /dev/null | jq -r .t | grep -c file)" -lt 3000 ]
    [ ! -s messages ]
    # With -o nothing is left behind.
    run -3 bash -c 'ulimit -f 20; comic-scan --settle 0 -o out lib'
    [ "$(echo out*)" = 'out*' ]
}

@test "SIGUSR1 prints one line, and the scan goes on" {
    mkdir lib
    (cd lib && seq -f '%040.0f.cbz' 3000 | xargs touch)
    mkfifo pipe
    bash -c 'comic-scan --settle 0 lib > pipe 2> messages & exec 3< pipe; head -c 1 <&3 > first
        kill -USR1 $!; cat <&3 > rest; wait $!'
    [ "$(wc -l < messages)" -eq 1 ]
    [[ "$(cat messages)" == "comic-scan: "*" comics seen, "*", at $PWD/lib/0"* ]]
    cat first rest | comic-cat --check
}

# ---- roots ------------------------------------------------------------------------------------

@test "roots by any of their names" {
    comics lib/a/1.cbz
    for root in lib lib/ ./lib//a/.. "$PWD/lib" "../${PWD##*/}/lib" "//$PWD/./lib"; do
        [ "$(comic-scan -0 "$root" | tr '\0' ' ')" = "$PWD/lib/a/1.cbz " ] || { echo "$root"; return 1; }
    done
    cd lib
    [ "$(comic-scan -0 . | tr '\0' ' ')" = "$PWD/a/1.cbz " ]
    [ "$(comic-scan -0 -- -x ./a 2> /dev/null | tr '\0' ' ')" = "$PWD/a/1.cbz " ]
    # The link stays in the name.
    ln -s lib/a ../link
    [ "$(comic-scan -0 ../link | tr '\0' ' ')" = "${PWD%/lib}/link/1.cbz " ]
}

@test "a root that is a file" {
    comics lib/{a,b}.cbz lib/c.txt
    remember lib.db lib
    echo more >> lib/a.cbz
    rm lib/b.cbz
    run -0 scan lib/a.cbz
    same 'modified lib/a.cbz'
    run -3 scan lib/b.cbz
    [ "$(cat messages)" = "comic-scan: $PWD/lib/b.cbz: refused: not found; what the database has of it stays (--forget drops it)" ]
    run -3 scan lib/c.txt
    grep -q 'refused: not a comic by its name' messages
    run -3 scan /dev/null
    grep -q 'refused: neither a folder nor a regular file' messages
}

@test "roots come in walk order and may not nest" {
    comics lib/{a/1,a.cbz/x,b/1}.cbz lib/a-b.cbz
    comic-scan -0 lib/b lib/a lib/a-b.cbz > got
    LC_ALL=C sort -z got | cmp - got
    for nested in "lib lib/a" "lib/a lib" "lib ./lib/" "lib/a lib/a/1.cbz" "/ lib" "lib/nope/x lib/nope"; do
        # shellcheck disable=SC2086 # words
        run -2 --separate-stderr comic-scan $nested
        [ -z "$output" ]
        [[ "${stderr_lines[0]}" == "comic-scan: $PWD"*" lies inside "* || "${stderr_lines[0]}" == *" is named twice" ]]
    done
    run -2 comic-scan ''
    run -2 comic-scan
}

@test "a missing root is refused: its rows stay, the others finish" {
    comics lib/a.cbz other/{b,c}.cbz
    remember lib.db lib other
    mv lib lib.off
    rm other/c.cbz
    run -3 scan lib other
    run -0 changes stream
    same 'gone other/c.cbz'
    [ "$(comic-cat stream | jq -c 'select(.t == "begin") | [.complete, .roots]')" = "[true,[\"$PWD/other\"]]" ]
    # Alone: a whole group of nothing.
    run -3 scan lib
    comic-cat --check stream
    [ "$(comic-cat stream | jq -c 'select(.t == "begin").roots')" = '[]' ]
    run -3 --separate-stderr comic-scan -0 lib
    [ "$stderr" = "comic-scan: $PWD/lib: refused: not found" ]
}

@test "an empty root is refused while the database has comics in it" {
    comics lib/a/1.cbz other/x.cbz
    remember lib.db lib other
    rm -r lib/a
    : > lib/.directory
    mkdir lib/@eaDir
    run -3 scan lib other
    run -0 changes stream
    same ''
    [ "$(cat messages)" = "comic-scan: $PWD/lib: refused: it is empty, but the database has comics in it: if it is mounted and this is right, use --allow-empty" ]
    run -0 scan --allow-empty lib other
    same 'gone lib/a/1.cbz'
    # Not empty, but without a comic: that is what it is.
    mkdir lib/a
    run -0 scan lib other
    same 'gone lib/a/1.cbz'
    sql 'DELETE FROM comic'
    rmdir lib/a
    run -0 scan lib
    same ''
}

@test "an unmounted volume is refused" {
    comics lib/a.cbz
    remember lib.db lib
    rm lib/a.cbz
    : > lib/DOCKER_UNMOUNTED_VOLUME
    run -3 scan --allow-empty lib
    grep -q 'DOCKER_UNMOUNTED_VOLUME: its volume is not mounted' messages
    run -0 changes stream
    same ''
    run -3 comic-scan -0 lib
}

@test "--forget reports what was below a missing or empty folder" {
    comics lib/{a/1,a/2,b/1}.cbz other/x.cbz
    remember lib.db lib other
    sql "INSERT INTO failed VALUES ('$PWD/lib/a/3.cbz', 1, 1, 1, 'empty', '', 1)"
    mv lib/a/2.cbz other/2.cbz
    rm -r lib/a
    run -0 scan --forget lib/a other
    same "$(printf '%s\n' 'moved lib/a/2.cbz other/2.cbz' 'gone lib/a/1.cbz' 'gone lib/a/3.cbz (failed)')"
    mkdir lib/a
    run -0 scan --forget lib/a
    same "$(printf '%s\n' 'gone lib/a/1.cbz' 'gone lib/a/2.cbz' 'gone lib/a/3.cbz (failed)')"
    comics lib/a/new.txt
    run -3 scan --forget lib/a other
    grep -q 'refused: it is not empty' messages
    run -3 scan --forget lib/b/1.cbz
    grep -q 'refused: it is not a folder' messages
    run -2 comic-scan --forget lib/a other
    run -2 comic-scan --db lib.db --forget lib/a lib
}

@test "--files0-from" {
    comics a/1.cbz $'b\nc/2.cbz'
    printf '%s\0' a $'b\nc' > list
    comic-scan -0 a $'b\nc' > want
    comic-scan -0 --files0-from=list | cmp - want
    comic-scan -0 --files0-from=- < list | cmp - want
    run -2 comic-scan -0 --files0-from=list a
    printf 'a\0\0' > list
    run -2 comic-scan -0 --files0-from=list
    : > list
    run -2 comic-scan -0 --files0-from=list
    run -3 comic-scan -0 --files0-from=nope
}
