"""The command ``sujin``: Django's commands and our own under one name."""

import os
import sys

from sujin.config.env import Misconfigured

# `import` is a Python keyword, and a module's name has no hyphen: these are called otherwise.
LONG_NAMES = {"import": "import_complaints", "train-pairs": "train_pairs"}
# These open none of their own, so the embedded one is not started for them.
NEED_NO_DATABASE = {"scan"}
NOWHERE = "postgres:///nobody"


def main() -> None:
    """Run one command; a wrong setting ends in one readable line and exit code 2."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sujin.config.settings")
    if NEED_NO_DATABASE.intersection(sys.argv[1:2]):
        os.environ["DATABASE_URL"] = NOWHERE
    argv = [sys.argv[0], *(LONG_NAMES.get(word, word) for word in sys.argv[1:2]), *sys.argv[2:]]
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(argv)
    except Misconfigured as error:
        sys.stderr.write(f"sujin: {error}\n")
        raise SystemExit(2) from None
