#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# kill -9 at any moment of an import: what was committed is valid, and is not read again.
load helpers

@test "an import of 5,000 comics killed 100 times, at random moments and stages" {
    make_library --comics 5000 --pages 2 --page-bytes 64 lib
    run -0 /usr/bin/python3 "$PROJECT/tests/kills.py" --seed "${KILLS_SEED:-$(date +%Y%m%d)}" --kills "${KILLS:-100}" lib work
    echo "$output"
}
