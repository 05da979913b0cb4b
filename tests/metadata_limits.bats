# SPDX-License-Identifier: MIT
# Hostile and huge documents of metadata: each is read as far as the limits go, soon and in little
# memory. A worker that takes longer or more ends its comic as `fail`.
load helpers

# One CBZ for each document, named after it.
make_documents() {
    /usr/bin/python3 - <<'PYTHON'
import json, zipfile

def put(name, member, document):
    with zipfile.ZipFile(name + ".cbz", "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("1.jpg", b"page")
        z.writestr(member, document)

def info(name, inside):
    put(name, "ComicInfo.xml", "<ComicInfo>" + inside + "</ComicInfo>")

def metron(name, inside):
    put(name, "MetronInfo.xml", "<MetronInfo>" + inside + "</MetronInfo>")

def attributes(count):
    return " ".join(f'a{i}="1"' for i in range(count))

numbers = [str(i) for i in range(100000)]
info("deep", "<Title>T</Title><Summary>" + "<a>" * 500000 + "</a>" * 500000 + "</Summary>")
info("attributes", "<Title>T</Title><Series " + attributes(60000) + ">S</Series>")
info("elements", "<Title>T</Title>" + "".join(f"<e{i}/>" for i in range(400000)))
info("errors", "<Title>T</Title>" + "</a>" * 1000000)
info("names", "<Tags>" + ",".join(numbers) + "</Tags>")
info("digits", "<Number>" + "9" * 10000000 + "</Number>")
info("name", "<Series>" + "é" * 5000 + "</Series>")
info("text", "<Summary>" + "x" * 2000000 + "</Summary>")
info("marks", "<Title>T</Title><Summary>e" + "\u0301\u0323" * 200000 + "</Summary>")
info("brackets", "<Title>T</Title><Notes>" + "[Issue ID 5 " * 80000 + "</Notes>")
info("urns", "<Title>T</Title><Notes>" + "urn:" * 250000 + "</Notes>")
info("references", "<Title>T</Title><Summary>" + "& < " * 1000000 + "</Summary>")
info("web", "<Title>T</Title><Web>http://" + "a." * 400000 + "/" + "b/" * 100000 + "</Web>")
info("large", "<Title>T</Title><Summary>" + "x" * (16 << 20) + "</Summary>")
info("record", "".join(f"<{e}>" + ",".join((n + "y" * 100) for n in numbers[:10000]) + f"</{e}>"
     for e in ("Tags", "Genre", "Characters", "Teams", "Locations", "Writer"))
     + "".join(f"<{e}>" + "z" * 1000000 + f"</{e}>" for e in ("Summary", "Notes", "Review")))
put("entities", "ComicInfo.xml", '<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY a{i} "{("&a%s;" % (i - 1 if i else "")) * 10}">' for i in range(10))
    + "]><ComicInfo><Title>T</Title><Series>&a9;</Series></ComicInfo>")
metron("reprints", "<Reprints>" + "".join(f"<Reprint>Foo v2 #{n} (2002)</Reprint>" for n in numbers)
       + "</Reprints>")
metron("ids", "<Characters>" + "".join(f'<Character id="{n}">{n}</Character>' for n in numbers)
       + "</Characters>")
put("directives", "comicbox.yaml", "".join(f"%TAG !a{n}! x\n" for n in numbers)
    + "---\ncomicbox: {title: T}\n")
put("aliases", "comicbox.yaml", "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [" + ",".join(["*" + chr(97 + i)] * 9) + "]\n" for i in range(12))
    + "comicbox: {title: T, tags: *m}\n")
put("lists", "comicbox.json", '{"comicbox":' + "[" * 500000)
put("values", "comicbox.json", json.dumps({"comicbox": {"k" + n: 1 for n in numbers + ["a" + n for n in numbers]}}))
put("issue", "comicbox.json", '{"comicbox":{"issue":' + "9" * 10000000 + "}}")
PYTHON
}

@test "huge and hostile documents are read as far as the limits go" {
    make_documents
    run -0 --separate-stderr bash -c 'comic-extract --full --timeout=60 --memory=160M --sources=ComicInfo.xml,MetronInfo.xml,comicbox.yaml,comicbox.json ./*.cbz >stream'
    [ -z "$stderr" ]
    comic-cat --check <stream
    comic-cat <stream | jq -c 'select(.t == "fail")' >failed
    [ ! -s failed ] || { cat failed; return 1; }
    # What is left of each, and the warning that says why it is less.
    while read -r name filter want warning; do
        comic-cat <stream | jq -c "select(.t == \"comic\" and (.path | endswith(\"/$name.cbz\")))" >record
        got=$(jq -c ".meta | $filter" record)
        [ "$got" = "$want" ] || { echo "$name: $filter: got $got, want $want"; return 1; }
        jq -r '.warnings[]?' record >warnings
        if [ "$warning" = none ]; then
            [ ! -s warnings ] || { cat warnings; return 1; }
        else
            grep -qF -- "$warning" warnings || { echo "$name: no warning '$warning'"; cat warnings; return 1; }
        fi
    done <<'TABLE'
deep .title "T" nested deeper than 64
attributes .title "T" line 1
elements .title "T" too many different elements
errors .title "T" line 1
names (.tags|length) 10000 Tags: more than 10000 names in one list
digits (.issue.name|length) 4096 longer than 1 MiB was cut
name (.series.name|utf8bytelength) 4096 none
text (.summary|length) 1048576 longer than 1 MiB was cut
marks (.summary|utf8bytelength<=1048576) true none
brackets .identifiers.comicvine.key "5" none
urns .title "T" none
references .title "T" longer than 1 MiB was cut
web .title "T" none
large .title null it is larger than 16 MiB
record (.tags|length<10000) true more metadata than a record may hold
record (.summary|length<=1000000) true more metadata than a record may hold
entities .title "T" document type declaration ignored
reprints (.reprints|length) 10000 Reprint: more than 10000 names in one list
ids (.characters|length) 10000 Character: more than 10000 names in one list
directives .title null too many directives
aliases .title null too many values
lists .title null values nested too deep
values .title null too many values
issue (.issue.number) 99999999 none
TABLE
    # The longest record fits.
    comic-extract --full record.cbz >one
    [ "$(stat -c %s one)" -le $((4 << 20)) ]
    [ "$(stat -c %s one)" -ge $((3 << 20)) ]
}
