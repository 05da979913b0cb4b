#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Damaged comics of every kind: `make damage` has 1,000 of each, under the sanitizers.
load helpers

@test "50 damaged copies of each kind of comic and document: one record each" {
    run -0 timeout 300 /usr/bin/python3 "$PROJECT/tests/mutate.py" --count 50 kept
    [ "${lines[-1]}" = "0 bad" ]
    # All kinds are there, and the damage is neither nothing nor everything.
    [ "$(grep -c 'comic [1-9].*damaged [1-9]' <<< "$output")" -ge 15 ]
    rm -r kept
}

@test "a copy that is judged bad is told and kept" {
    run -1 timeout 60 /usr/bin/python3 "$PROJECT/tests/mutate.py" --count 2 --slowest 0 kept zip
    [ "${lines[-1]}" = "2 bad" ]
    [ -s kept/zip-1-0 ]
    [ -s kept/zip-1-1 ]
}
