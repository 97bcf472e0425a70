"""``python -m sujin`` is the command ``sujin``."""

from sujin.config.cli import main

main()
