"""``sujin eval NAME``: hold one of the exams and print its figures."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from sujin.lab.exams import EXAMS, CannotSit
from sujin.platform import given


class Command(BaseCommand):
    help = "Measure one of the engine's judgements on data of your own, beside a named peer."
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.prog = "sujin eval"
        names = parser.add_subparsers(dest="exam", required=True)
        for exam in EXAMS:
            one = names.add_parser(exam.name, help=exam.title)
            exam.add_arguments(one)
            one.add_argument("--seed", type=given.seed, default=2026)
            one.add_argument("--json", action="store_true", help="figures only, as one object")

    def handle(self, *args: Any, **options: Any) -> None:
        exam = next(exam for exam in EXAMS if exam.name == options["exam"])
        try:
            figures = exam.run(options)
        except CannotSit as refused:
            raise CommandError(str(refused)) from refused
        if options["json"]:
            self.stdout.write(json.dumps(figures, ensure_ascii=False, default=float))
            return
        for line in exam.told(figures):
            self.stdout.write(line)
