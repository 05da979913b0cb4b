#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Whatever happens to the files, the database follows; `make soak` goes on for longer.
load helpers

@test "200 rounds of random changes to a library: the database is what a fresh import gives" {
    seed=${MIRROR_SEED:-4711} # make soak takes another each time
    echo "MIRROR_SEED=$seed"
    /usr/bin/python3 "$PROJECT/tests/mirror.py" --seed "$seed" --rounds "${MIRROR_ROUNDS:-200}" work > said || {
        cat said
        return 1
    }
    cat said
    # What is hard to come by was really met.
    for what in 'ids kept through moves' killed 'kept though failed' 'unreadable files' 'unreadable folders' unmounted; do
        [[ "$(tail -n 1 said)" =~ (^|, )[1-9][0-9]*\ "$what" ]]
    done
}
