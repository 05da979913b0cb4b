#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# PDF comics through comic-extract: metadata, damage, hostile files, and what they cost.
load helpers

make_pdf() {
    /usr/bin/python3 "$PROJECT/tests/make-pdf" "$@"
}

# told FILTER FILE...: the filter's value for each record of the files.
told() {
    local filter=$1
    shift
    comic-extract "$@" 2> err | comic-cat | jq -c "select(.t == \"comic\" or .t == \"fail\") | $filter"
}

is_asan() {
    ldd "$BUILD/bin/comic-extract" | grep -q asan
}

INFO=(--info 'Title=Zoë; The End' --info 'Author=Ann Able, Bo Baker' --info 'Subject=Noir;Drama'
    --info 'Keywords=a, b' --info 'Creator=Flatbed' --info 'Producer=Some Tagger 2.0'
    --info "ModDate=D:20200229233000-01'30'")

@test "the document information is metadata" {
    make_pdf 'Some Series #003 (2014).pdf' --pages 7 "${INFO[@]}"
    comic-extract --full ./*.pdf > out
    comic-cat --check out
    comic-cat out | jq -c 'select(.t == "comic")' > json
    [ "$(jq -c '[.format, .pages, .sources]' json)" = '["pdf",7,["filename","PDF"]]' ]
    [ "$(jq -c '.meta | [.title, .scan_info, .tagger, .updated_at]' json)" = '["Zoë; The End","Flatbed","Some Tagger 2.0","2020-03-01T01:00:00Z"]' ]
    [ "$(jq -c '.meta | [(.stories, .genres, .tags | keys)]' json)" = '[["The End","Zoë"],["Drama","Noir"],["a","b"]]' ]
    [ "$(jq -c '.meta.credits' json)" = '{"Ann Able":{"roles":{"Writer":{}}},"Bo Baker":{"roles":{"Writer":{}}}}' ]
    [ "$(jq -c '.meta | [.series.name, .issue.name, .date.year, .cover]' json)" = '["Some Series","003",2014,null]' ]
    [ "$(jq -r '.fingerprint | length' json)" -eq 32 ]
    [ "$(jq -c .warnings json)" = null ]
}

@test "dates in all their forms" {
    make_pdf 1.pdf --info 'ModDate=D:2020'
    make_pdf 2.pdf --info 'ModDate=D:202002291530Z'
    make_pdf 3.pdf --info "ModDate=D:20200101003000+01'00"
    make_pdf 4.pdf --info 'ModDate=2020-05-06T07:08:09+02:00'
    make_pdf 5.pdf --info 'ModDate=D:20200230'
    make_pdf 6.pdf --info 'ModDate=yesterday'
    comic-extract --full ./*.pdf | comic-cat | jq -c 'select(.t == "comic") | [.meta.updated_at, .warnings]' > dates
    diff dates - <<'DATES'
["2020-01-01T00:00:00Z",null]
["2020-02-29T15:30:00Z",null]
["2019-12-31T23:30:00Z",null]
["2020-05-06T05:08:09Z",null]
[null,["PDF: ModDate: 'D:20200230' is not a date"]]
[null,["PDF: ModDate: 'yesterday' is not a date"]]
DATES
}

@test "an attached ComicInfo.xml is stronger than the information, and no page" {
    echo '<ComicInfo><Title>Inside</Title><Publisher>Harbor</Publisher></ComicInfo>' > xml
    make_pdf a.pdf --pages 2 "${INFO[@]}" --attach comicinfo.XML=xml --attach 1.jpg=xml
    [ "$(told '[.pages, .sources, .meta.publisher.name, .meta.tagger]' a.pdf)" = '[2,["filename","PDF","ComicInfo.xml"],"Harbor","Some Tagger 2.0"]' ]
    [ "$(told '.meta.stories | has("Inside")' a.pdf)" = true ]
    [ ! -s err ]
}

@test "a document in Keywords is read as what it is" {
    make_pdf a.pdf --info 'Title=Outside' --info 'Keywords= <?xml version="1.0"?><ComicInfo><Title>Inside</Title><Publisher>Härbor</Publisher><Tags>x,y</Tags></ComicInfo>'
    [ "$(told '[.meta.title, .meta.publisher.name, (.meta.tags | keys), .sources, .warnings]' a.pdf)" = '["Inside","Härbor",["x","y"],["filename","PDF"],null]' ]
    make_pdf b.pdf --info 'Title=Outside' --info 'Keywords=<svg><a/></svg>'
    [ "$(told '[.meta.title, .meta.tags, .warnings]' b.pdf)" = '["Outside",null,["PDF: Keywords: a document of an unknown format was ignored"]]' ]
    make_pdf c.pdf --info 'Keywords={"a": ['
    [ "$(told '[.meta.tags, (.warnings | length)]' c.pdf)" = '[null,1]' ]
}

@test "encryption: an empty password opens, any other does not" {
    echo '<ComicInfo><Publisher>Harbor</Publisher></ComicInfo>' > xml
    make_pdf open.pdf --user-password '' --info Title=Secret --attach ComicInfo.xml=xml
    make_pdf shut.pdf --user-password sesame --info Title=Secret --attach ComicInfo.xml=xml
    [ "$(told '[.pages, .meta.title, .meta.publisher.name]' open.pdf)" = '[3,"Secret","Harbor"]' ]
    [ "$(told '[.code, .reason]' shut.pdf)" = '["encrypted","it needs a password"]' ]
}

@test "linearized, with object streams, PDF 2.0, under every encryption: the same record" {
    echo '<ComicInfo><Publisher>Harbor</Publisher></ComicInfo>' > xml
    make_pdf in.pdf --pages 12 "${INFO[@]}" --attach ComicInfo.xml=xml
    mkdir made
    qpdf --linearize in.pdf made/linearized.pdf
    qpdf --object-streams=generate in.pdf made/objects.pdf
    qpdf --object-streams=generate --linearize in.pdf made/both.pdf
    qpdf --force-version=2.0 in.pdf made/2.0.pdf
    qpdf --allow-weak-crypto --encrypt '' owner 128 --use-aes=n -- in.pdf made/rc4.pdf
    qpdf --allow-weak-crypto --encrypt '' owner 128 --use-aes=y -- in.pdf made/aes.pdf
    qpdf --encrypt '' owner 256 -- in.pdf made/aes-256.pdf
    qpdf --encrypt user owner 256 -- in.pdf shut-256.pdf
    told '[.pages, .sources, .warnings, (.meta | del(.series, .issue, .volume))]' in.pdf > want
    told '[.pages, .sources, .warnings, (.meta | del(.series, .issue, .volume))]' made/*.pdf > have
    [ "$(wc -l < have)" -eq 7 ]
    diff want <(sort -u have)
    [ "$(told .code shut-256.pdf)" = '"encrypted"' ]
}

@test "page trees that loop, are deep or wide, or do not count" {
    /usr/bin/python3 - <<'PYTHON'
def write(name, pages, *others):
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", pages, *others]
    out, at = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        at.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in at)
    with open(name + ".pdf", "wb") as file:
        file.write(out + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\n"
                   b"startxref\n%d\n%%%%EOF\n" % (len(at) + 1, table, len(at) + 1, len(out)))


page = b"<< /Type /Page >>"
write("loop", b"<< /Type /Pages /Count 5 /Kids [3 0 R] >>", b"<< /Type /Pages /Count 4 /Kids [2 0 R] >>")
write("deep", b"<< /Type /Pages /Count 7 /Kids [3 0 R] >>",
      *(b"<< /Type /Pages /Count 1 /Kids [%d 0 R] >>" % n for n in range(4, 5000)), page)
kids = b" ".join(b"%d 0 R" % n for n in range(3, 20003))
write("wide", b"<< /Type /Pages /Count 20000 /Kids [" + kids + b"] >>", *[page] * 20000)
write("miscounted", b"<< /Type /Pages /Count 9 /Kids [" + kids + b"] >>", *[page] * 20000)
write("uncounted", b"<< /Type /Pages /Kids [3 0 R 4 0 R] >>", page, page)
write("none", b"<< /Type /Pages /Count 0 /Kids [] >>")
PYTHON
    [ "$(told '.code // .pages' deep.pdf loop.pdf miscounted.pdf none.pdf uncounted.pdf wide.pdf | tr '\n' ' ')" = '1 "damaged" 20000 0 2 20000 ' ]
}

@test "the content decides, not the suffix" {
    make_pdf really-pdf.cbz
    make_cbz really-cbz.pdf
    printf 'no PDF at all' > text.pdf
    printf '%%PDF-1.4\nno PDF at all\n' > nearly.pdf
    : > empty.pdf
    [ "$(told '.format // .code' empty.pdf nearly.pdf really-cbz.pdf really-pdf.cbz text.pdf | tr '\n' ' ')" = '"empty" "damaged" "cbz" "pdf" "not-an-archive" ' ]
}

@test "a damaged table is rebuilt and noted, half a file is damaged" {
    make_pdf a.pdf --pages 9
    sed s/startxref/startxxxx/ a.pdf > table.pdf
    head -c 1000 a.pdf > half.pdf
    [ "$(told '[.pages, .warnings]' table.pdf)" = '[9,["archive: damaged: can'\''t find startxref"]]' ]
    [ "$(told .code half.pdf)" = '"damaged"' ]
    [ "$(wc -l < err)" -eq 1 ]
}

@test "1,000 damaged copies: each ends as comic or failure, and quietly" {
    echo '<ComicInfo><Publisher>Harbor</Publisher></ComicInfo>' > xml
    make_pdf a.pdf "${INFO[@]}" --attach ComicInfo.xml=xml
    make_pdf a.pdf --mutate 700 1
    make_pdf b.pdf --user-password '' "${INFO[@]}" --attach ComicInfo.xml=xml
    make_pdf b.pdf --mutate 150 2
    make_pdf c.pdf --bomb 1
    make_pdf c.pdf --mutate 150 3
    comic-extract --timeout 2 ./*.pdf.*.pdf > out 2> err
    comic-cat --check out
    comic-cat out | jq -r 'select(.t == "comic" or .t == "fail") | .code // "comic"' | sort | uniq -c > codes
    cat codes
    [ "$(awk '{ n += $1 } END { print n }' codes)" -eq 1000 ]
    run ! grep -E 'crash|timeout|changed|unreadable|limit' codes
    run ! grep -v '^comic-extract: /' err
}

@test "a bomb costs the worker's memory limit and not the next comic" {
    is_asan && skip 'sanitizer: knows no limit of address space'
    make_pdf 1-bomb.pdf --bomb 400
    make_pdf 2-good.pdf
    [ "$(told '.code // .pages' --memory 128M 1-bomb.pdf 2-good.pdf | tr '\n' ' ')" = '"memory" 3 ' ]
}

@test "of a large PDF only a little is read, mapped or not" {
    make_pdf large.pdf --pages 300 --page-bytes 1000000
    for memory in 1G 64M; do
        [ "$(told .pages --memory "$memory" large.pdf)" = 300 ]
    done
    is_asan && return
    strace -f -qq -P "$PWD/large.pdf" -o mapped comic-extract -j1 --memory 1G large.pdf > out
    strace -f -qq -P "$PWD/large.pdf" -o opened comic-extract -j1 --memory 64M large.pdf > out
    grep -q 'mmap(.*MAP_SHARED' mapped
    run ! grep -q 'mmap(.*MAP_SHARED' opened
    for trace in mapped opened; do
        awk '/read(64)?\(/ { n += $NF } END { print n; exit n > 10000000 }' "$trace"
    done
}

@test "a PDF that becomes shorter while it is mapped has changed" {
    make_pdf a.pdf --pages 5 --page-bytes 100000
    make_pdf b.pdf
    export ASAN_OPTIONS=$ASAN_OPTIONS:detect_leaks=0
    # The worker stops when it has mapped the file.
    strace -f -qq -P "$PWD/a.pdf" -e trace=mmap -e inject=mmap:signal=SIGSTOP -o trace \
        comic-extract -j1 a.pdf b.pdf > out 2> err 3>&- &
    until grep -q 'stopped by SIGSTOP' trace 2> /dev/null; do :; done
    : > a.pdf
    kill -CONT "$(awk '/stopped by SIGSTOP/ { print $1; exit }' trace)"
    wait $!
    [ "$(comic-cat out | jq -r 'select(.t == "comic" or .t == "fail") | .code // .pages' | tr '\n' ' ')" = 'changed 3 ' ]
}

@test "libqpdf is loaded for a PDF and for nothing else; without it PDFs are unsupported" {
    make_pdf a.pdf
    make_cbz b.cbz
    export ASAN_OPTIONS=$ASAN_OPTIONS:detect_leaks=0
    strace -f -qq -e trace=openat -o trace comic-extract b.cbz > out
    run ! grep qpdf trace
    strace -f -qq -e trace=openat -o trace comic-extract a.pdf > out
    grep qpdf trace
    mkdir lib
    library=$(grep -o 'libqpdf\.so\.[0-9]*' trace | head -n 1)
    : > "lib/$library"
    LD_LIBRARY_PATH=$PWD/lib comic-extract a.pdf b.cbz > out 2> err
    [ "$(comic-cat out | jq -r 'select(.t == "comic" or .t == "fail") | .code // .pages' | tr '\n' ' ')" = 'unsupported 2 ' ]
    grep -q "libqpdf, which PDF needs, cannot be loaded: .*$library" err
}

@test "PDFs in the database" {
    mkdir lib
    make_pdf lib/1.pdf "${INFO[@]}"
    make_pdf lib/2.pdf
    printf 'no PDF' > lib/3.pdf
    import_into db lib 2> err
    [ "$(sqlite3 db 'SELECT group_concat(format || page_count) FROM comic; SELECT code FROM failed')" = "$(printf 'pdf3,pdf3\nnot-an-archive')" ]
    import_into db lib
    [ "$(sqlite3 db 'SELECT count(*) FROM import_run')" -eq 1 ]
}

@test "PDFs of other programs" {
    fixtures=$PROJECT/../shared/fixtures/comicbox
    [ -d "$fixtures" ] || return 0 # they are not part of the project
    run -0 comic-extract --full "$fixtures"/test_pdf.pdf "$fixtures"/test_cix.pdf "$fixtures"/test_pdf_legacy_keywords.pdf -o out
    comic-cat out | jq -c 'select(.t == "comic") | [.pages, (.meta | .title, .scan_info, .tagger,
        .publisher.name, (.tags, .genres, .stories, .credits | keys[0])), .meta.updated_at]' > told
    diff told - <<'TOLD'
[4,"the tangle of their lives","Pages","comicbox dev",null,"d","Science Fiction","the tangle of their lives","Jon Osterman","2025-11-21T03:11:14Z"]
[4,"the tangle of their lives","Pages","comicbox dev","SmallPub","d","Science Fiction","the tangle of their lives","Jon Osterman","2025-11-22T00:39:38Z"]
[4,"the tangle of their lives","Pages","comicbox dev","SmallPub","d","Science Fiction","the tangle of their lives","Jon Osterman","2025-05-22T03:12:25Z"]
TOLD
}
