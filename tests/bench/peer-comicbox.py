# SPDX-License-Identifier: MIT
"""peer-comicbox.py FOLDER: reads every comic's metadata with the installed comicbox; no database.

Run by scripts/bench-peers with the Python that comicbox was installed for.
"""
import os
import sys

from comicbox.box import Comicbox

for folder, _, names in os.walk(sys.argv[1]):
    for name in names:
        if name.lower().endswith(".cbz"):
            with Comicbox(os.path.join(folder, name)) as comic:
                comic.to_dict()
