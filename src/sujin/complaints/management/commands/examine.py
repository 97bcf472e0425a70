"""``sujin examine``: ask every invariant of the house now; exit code 1 when something is wrong."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from sujin.complaints.acts.examine import examine
from sujin.complaints.invariants import named
from sujin.complaints.models import Breach
from sujin.platform.acts.organise import system_person


class Command(BaseCommand):
    help = (
        "核对全行不变式：手续、责任人、来龙去脉、信函、编号；有不符时退出码为 1。"
        "Examine the house against its invariants; exit code 1 when one is broken."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.prog = "sujin examine"
        parser.add_argument("--all", action="store_true", help="compare every case")

    def handle(self, *args: Any, **options: Any) -> None:
        run = examine(by=system_person(), at=timezone.now(), everything=options["all"])
        standing = list(Breach.objects.standing().order_by("rule", "about"))
        for one in standing:
            rule = named(one.rule)
            points = " ".join(one.points)
            self.stdout.write(f"{rule.title if rule else one.rule}\t{one.about}\t{points}")
        self.stdout.write(f"核对 {run.looked} 件，不符 {len(standing)} 项 / breaches standing")
        if standing:
            raise CommandError("有不符 / something is wrong", returncode=1)
