#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Whatever happens to the files, the database is what a fresh import gives.
load helpers

@test "200 rounds of random changes, some runs killed: the database follows" {
    /usr/bin/python3 "$PROJECT/tests/mirror.py" --seed "${MIRROR_SEED:-$(date +%Y%m%d)}" --rounds 200 work
}
