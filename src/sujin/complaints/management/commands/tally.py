"""``sujin tally``: sum the lines up; count anew; say where tally and cases disagree."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from sujin.complaints import tally


class Command(BaseCommand):
    help = (
        "看板计数：汇总流水，逐项与件核对；不符时退出码为 1。"
        "Sum the tally of the boards up, compare it with the cases; exit code 1 when they differ."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.prog = "sujin tally"
        parser.add_argument("--recount", action="store_true", help="count all cases anew first")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["recount"]:
            tally.recount()
        self.stdout.write(f"汇总流水 {tally.fold()} 条 / lines summed up")
        found = tally.differences()
        for one in found:
            self.stdout.write(
                f"{one.day}\t{one.kind}\t{one.org}\t{one.business}\t"
                f"{one.cases:+d}\t{one.repeats:+d}"
            )
        if found:
            raise CommandError("计数与件不符 / the tally is wrong", returncode=1)
