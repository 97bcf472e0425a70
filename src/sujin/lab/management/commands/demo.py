"""`sujin demo`: the synthetic bank, its cast, and eighteen months of what its customers said."""

import argparse
import sys
import time
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from sujin.lab.load import load
from sujin.lab.story import DEFAULT_SIZE
from sujin.platform import given


class Command(BaseCommand):
    help = "Load the demonstration bank; loading it again adds nothing."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--seed", type=given.seed, default=2026)
        parser.add_argument("--size", type=int, default=DEFAULT_SIZE, help="contacts to tell")

    def handle(self, *args: object, **options: object) -> None:
        if settings.MODE == "production":
            raise CommandError("demonstration data does not belong into production")
        folder = Path(settings.VAR) / "lab"
        start = time.monotonic()
        count = load(
            seed=int(str(options["seed"])),
            now=timezone.now(),
            size=int(str(options["size"])),
            folder=folder,
            tell=self._tell,
        )
        seconds = time.monotonic() - start
        self.stdout.write(f"\n示范数据 {count} 条，{seconds:.0f} 秒；植入的真相见 {folder}")

    def _tell(self, count: int) -> None:
        if sys.stderr.isatty() or count % 1000 < 20:
            self.stderr.write(f"\r示范数据 {count} …", ending="")
