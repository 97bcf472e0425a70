"""Where numba keeps what it compiled: one folder for each state of the loops, never an older one.

Numba looks only at the file that holds a function. Compiled code takes in the functions that it
calls, also those of other files, and would go on running them as they were.
"""

import os
from hashlib import sha256
from pathlib import Path

LOOPS = Path(__file__).parent / "engine"
VARIABLE = "NUMBA_CACHE_DIR"


def state(folder: Path) -> str:
    """A name for what the files of loops say now."""
    told = sha256()
    for file in sorted(folder.rglob("*.py")):
        content = file.read_bytes()
        if b"njit" in content:
            told.update(file.name.encode() + b"\0" + content)
    return told.hexdigest()[:16]


def keep_apart(folder: Path = LOOPS) -> None:
    """Tells numba, before it is imported, which folder is this state's own. A folder that somebody
    chose is kept, with a part for each state below it."""
    chosen = os.environ.get(VARIABLE)
    above = Path(chosen) if chosen else folder / "__pycache__"
    if above.name.startswith("loops-"):
        above = above.parent
    os.environ[VARIABLE] = str(above / f"loops-{state(folder)}")
