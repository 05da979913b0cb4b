#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Archives of every kind through comic-extract: the odd, the broken, the encrypted, the hostile.
load helpers

# told FILE...: a line for each record: file, format or code, pages, series if a document told it,
# what is said of it. What libarchive says in its own words is left out.
told() {
    comic-extract "$@" 2> err | comic-cat | jq -r 'select(.t == "comic" or .t == "fail") |
        [(.path | split("/")[-1]), .code // .format, .pages // "",
         (.meta.series.name | select(. == "Inside" or . == "Stale")) // "",
         (.reason // (.warnings // [] | join(" | ")) | sub("libarchive.*"; "libarchive ..."))] | @tsv'
}

@test "odd archives: what becomes of each" {
    timeout 120 /usr/bin/python3 -W ignore "$PROJECT/tests/odd_comics.py" odd
    rm odd/large-dictionary.cb7 # see below
    told odd/* > told
    diff <(grep -v '^#' "$PROJECT/tests/odd-comics.tsv") told
    # One line for each failure, and nothing written but that.
    grep -q . err
    run ! grep -v '^comic-extract: /.*odd/' err
    [ "$(wc -l < err)" -eq "$(comic-extract odd/* 2> /dev/null | comic-cat | jq 'select(.t == "end").failed')" ]
}

@test "a dictionary larger than the worker's memory is a failure that says so" {
    sanitized && skip 'sanitizer: knows no limit of address space'
    /usr/bin/python3 "$PROJECT/tests/odd_comics.py" . large-dictionary.cb7
    make_cbz next.cbz
    [ "$(told large-dictionary.cb7 next.cbz | cut -f2 | tr '\n' ' ')" = "memory cbz " ]
    [ "$(told --memory 2G large-dictionary.cb7 | cut -f2)" = cb7 ]
}

@test "a truncated archive is never taken for a smaller one" {
    /usr/bin/python3 - "$PROJECT" <<'PYTHON'
import sys
sys.path.insert(0, sys.argv[1] + "/tests")
import comics
pages = [(f"{n:02}.jpg", b"\xff\xd8" + b"page %d " % n * 300) for n in range(1, 9)]
for kind, make in comics.MAKERS.items():
    data = make(pages + [("ComicInfo.xml", b"<ComicInfo/>")])
    for part in range(5, 100, 5):
        with open(f"{kind}-{part}.cbz", "wb") as out:
            out.write(data[:len(data) * part // 100])
PYTHON
    # (zeros at the end of a tar may go; what is cut where a member ends is noted)
    comic-extract -q ./*.cbz 2> /dev/null | comic-cat > json
    [ "$(jq -r 'select(.t == "comic" or .t == "fail") | .t' json | wc -l)" -eq 171 ]
    run -0 jq -r 'select(.t == "comic" and .pages != 8 and .warnings == null) | .path' json
    [ -z "$output" ]
    [ "$(jq -r 'select(.t == "fail") | .code' json | sort -u | tr '\n' ' ')" = "damaged " ]
}

@test "the kind is found whatever the suffix says" {
    make_cbz zip
    for kind in tar tar.gz tar.bz2 tar.xz tar.zst 7z rar4 rar5; do
        /usr/bin/python3 "$PROJECT/tests/comics.py" $kind $kind 1.jpg=zip 2.jpg=zip
    done
    /usr/bin/python3 "$PROJECT/tests/make-pdf" pdf --pages 2
    for kind in 7z pdf rar4 rar5 tar tar.bz2 tar.gz tar.xz tar.zst zip; do
        for suffix in cb7 cbr cbt cbz pdf; do
            cp $kind "$kind.$suffix"
        done
    done
    comic-extract ./*.cb? ./*.pdf | comic-cat | jq -r 'select(.t == "comic") |
        [(.path | split("/")[-1] | sub("[.][^.]*$"; "")), .format, .pages] | @tsv' | sort | uniq -c > have
    printf '%7d %s\t%s\t2\n' 5 7z cb7 5 pdf pdf 5 rar4 cbr 5 rar5 cbr 5 tar cbt 5 tar.bz2 cbt \
        5 tar.gz cbt 5 tar.xz cbt 5 tar.zst cbt 5 zip cbz > want
    diff want have
}

@test "of a large file that is no comic only a little is read" {
    truncate -s 10G hole.cbz
    printf MZ > program.cbz
    truncate -s 10G program.cbz
    export ASAN_OPTIONS=$ASAN_OPTIONS:detect_leaks=0
    strace -f -qq -e trace=pread64,read -P "$PWD/hole.cbz" -P "$PWD/program.cbz" -o trace \
        comic-extract ./*.cbz > out 2> err
    [ "$(comic-cat out | jq -r 'select(.t == "fail").code' | sort | uniq -c | tr -s ' ')" = " 2 not-an-archive" ]
    awk '{ n += $NF } END { print n; exit n > 4000000 || n < 1000 }' trace
}

# The records of the same comic in every container, apart from what names that.
@test "the same comic in every container is the same record" {
    cat > ComicInfo.xml <<'XML'
<?xml version="1.0" encoding="utf-8"?>
<ComicInfo><Series>Saga</Series><Number>7</Number><Volume>2012</Volume><Publisher>Image</Publisher>
<Year>2012</Year><Month>10</Month><Writer>Brian K. Vaughan</Writer><Genre>Space, Fantasy</Genre>
<Pages><Page Image="0"/><Page Image="1" Type="FrontCover"/></Pages></ComicInfo>
XML
    cp "$PROJECT/tests/fuzz/corpus/metroninfo/whole.xml" MetronInfo.xml
    for page in 1 2 3 10; do echo "page $page" > $page.jpg; done
    members=(Saga/1.jpg=1.jpg Saga/2.jpg=2.jpg Saga/ComicInfo.xml=ComicInfo.xml Saga/3.jpg=3.jpg
        MetronInfo.xml=MetronInfo.xml Saga/10.jpg=10.jpg __MACOSX/._1.jpg=1.jpg)
    for kind in zip tar tar.gz tar.bz2 tar.xz tar.zst 7z rar4 rar5; do
        mkdir $kind
        /usr/bin/python3 "$PROJECT/tests/comics.py" $kind "$kind/Saga 007.cbz" "${members[@]}"
        comic-extract --full "$kind/Saga 007.cbz" | comic-cat |
            jq -S 'select(.t == "comic") | del(.path, .size, .mtime, .ino, .dev)' > $kind.json
        jq 'del(.format, .fingerprint)' $kind.json > $kind.same
        diff zip.same $kind.same
    done
    [ "$(jq -c '[.pages, .meta.cover, .sources]' zip.json)" = '[4,"Saga/2.jpg",["filename","ComicInfo.xml","MetronInfo.xml"]]' ]
    [ "$(cat ./*.json | jq -r .format | tr '\n' ' ')" = "cb7 cbr cbr cbt cbt cbt cbt cbt cbz " ]
    # Where an archive has checksums of its members, the pages have one name.
    [ "$(jq -r .fingerprint zip.json 7z.json rar4.json rar5.json | sort -u | wc -l)" -eq 1 ]
    [ "$(cat ./*.json | jq -r .fingerprint | sort -u | wc -l)" -eq 6 ]
}

@test "archives of other programs: format and pages" {
    fixtures=$PROJECT/../shared/fixtures
    [ -d "$fixtures" ] || return 0 # they are not part of the project
    jq -r 'to_entries[] | [.key, (.value.file_type | ascii_downcase), .value.page_count] | @tsv' \
        "$fixtures/expected/archives.json" | sort > want
    [ "$(wc -l < want)" -gt 15 ]
    cut -f1 want | tr '\n' '\0' > names
    (cd "$fixtures" && comic-extract --files0-from=-) < names | comic-cat |
        jq -r --arg root "$(cd "$fixtures" && pwd -P)/" 'select(.t == "comic") |
            [(.path | ltrimstr($root)), .format, .pages] | @tsv' | sort > have
    diff want have
}
