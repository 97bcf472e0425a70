"""``sujin organise``: a real bank's organisations, people and posts from three tables."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from sujin.platform.acts.organise import organise, system_person
from sujin.platform.models import Org, Person
from sujin.platform.organisation import OrgPlan
from sujin.platform.refusal import Refusal
from sujin.platform.roster import Known, read_plan


class Command(BaseCommand):
    help = (
        "按三张表建立机构、人员和任职；可以反复运行，已有的不变。"
        "Plant organisations, people and posts from three tables; what exists stays as it is."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.prog = "sujin organise"
        for table in ("orgs", "people", "posts"):
            parser.add_argument(f"--{table}", type=Path, required=True, metavar="CSV")
        parser.add_argument("--dry-run", action="store_true", help="read and check, write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            plan = read_plan(
                options["orgs"], options["people"], options["posts"], known=self._known()
            )
        except Refusal as refusal:
            raise CommandError(str(refusal), returncode=2) from None
        if not options["dry_run"]:
            organise(plan, by=system_person(), at=timezone.now())
        self._tell(plan, is_written=not options["dry_run"])

    def _known(self) -> Known:
        return Known(
            frozenset(Org.objects.values_list("code", flat=True)),
            frozenset(Person.objects.values_list("staff_no", flat=True)),
        )

    def _tell(self, plan: OrgPlan, *, is_written: bool) -> None:
        told = f"{len(plan.orgs)} 个机构 orgs, {len(plan.persons)} 人 people, "
        told += f"{len(plan.posts)} 个任职 posts"
        self.stdout.write(told if is_written else f"{told}（未写入 / nothing written）")
        if is_written:
            self.stdout.write("每人的密码 / a password for each: sujin changepassword 工号")
