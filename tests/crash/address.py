"""``python -m tests.crash.address FOLDER``: where the embedded database of the folder is."""

import sys
from pathlib import Path

from sujin.config.database import start_embedded

if __name__ == "__main__":
    sys.stdout.write(f"{start_embedded(Path(sys.argv[1]))}\n")
