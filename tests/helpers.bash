# SPDX-License-Identifier: MIT
# helpers.bash: what every bats file loads.
bats_require_minimum_version 1.5.0

PROJECT=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
BUILD=${BUILD:-$PROJECT/build}
PATH=$BUILD/bin:$PATH
export LC_ALL=C.UTF-8 TZ=UTC
export ASAN_OPTIONS=abort_on_error=0:exitcode=99:detect_leaks=1
export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
unset COMIC_DB NO_COLOR

# shellcheck disable=SC2034 # used by the test files
PROGRAMS="comic-scan comic-extract comic-chunk comic-load comic-cat comic-dump comic-import"

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
}

# make_library ARGS...: a generated library (scripts/make-library), e.g. make_library --comics 20 lib
make_library() {
    /usr/bin/python3 "$PROJECT/scripts/make-library" "$@" >/dev/null
}

# make_cbz FILE [XML]: a comic of two pages, with ComicInfo.xml if XML is given.
make_cbz() {
    /usr/bin/python3 - "$@" <<'PYTHON'
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w") as z:
    for page in ("01.jpg", "02.jpg"):
        z.writestr(zipfile.ZipInfo(page, (2020, 1, 1, 0, 0, 0)), b"\xff\xd8" + page.encode() * 100)
    if len(sys.argv) > 2:
        z.writestr(zipfile.ZipInfo("ComicInfo.xml", (2020, 1, 1, 0, 0, 0)), sys.argv[2])
PYTHON
    touch -d '2020-01-01 00:00:00' "$1"
}

# import_into DB ROOT...: the pipeline, settled files only or not does not matter here.
import_into() {
    local db=$1
    shift
    comic-scan --settle 0 --db "$db" "$@" | comic-extract | comic-chunk | comic-load --report=none "$db"
}

# The sanitizers reserve terabytes of address space: no limit can be put on it.
sanitized() {
    ldd "$BUILD/bin/comic-cat" | grep -q libasan
}

# as_user COMMAND...: with the permissions of its files only; root may not read everything.
as_user() {
    if [ "$(id -u)" -eq 0 ]; then
        setpriv --bounding-set -dac_override,-dac_read_search "$@"
    else
        "$@"
    fi
}

# without_privileges COMMAND...: limits that root is not bound by hold for it.
without_privileges() {
    if [ "$(id -u)" -eq 0 ]; then
        setpriv --bounding-set -sys_resource,-sys_admin "$@"
    else
        "$@"
    fi
}

# A death by signal, or a sanitizer's exit, is never an acceptable failure.
refute_crash() {
    if [ "$1" -gt 128 ] || [ "$1" -eq 99 ]; then
        echo "crashed with status $1"
        return 1
    fi
}
