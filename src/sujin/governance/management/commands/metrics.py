"""``sujin metrics``: make late sums anew; all of them; say where sums and cases disagree."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from sujin.governance import folding


class Command(BaseCommand):
    help = (
        "指标汇总：计入变动，逐项与件核对；不符时退出码为 1。"
        "Bring the sums of the metrics up to date, compare them with the cases; exit code 1 when "
        "they differ."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.prog = "sujin metrics"
        parser.add_argument("--recount", action="store_true", help="sum all cases anew first")

    def handle(self, *args: Any, **options: Any) -> None:
        days = folding.recount() if options["recount"] else folding.fold()
        self.stdout.write(f"汇总 {days} 天 / days summed up")
        found = folding.differences()
        for fact, scope, day in found:
            self.stdout.write(f"{day}\t{fact}\t{scope}")
        if found:
            raise CommandError("汇总与件不符 / the sums are wrong", returncode=1)
