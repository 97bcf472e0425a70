"""``sujin starter``: bring in the starter content of the pack, for the institution to review."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from sujin.knowledge.acts.plant import plant
from sujin.knowledge.wording import BrokenItem, starter
from sujin.platform.acts.organise import system_person
from sujin.platform.models import Org, Person


class Command(BaseCommand):
    help = (
        "装入随产品提供的知识内容，等待归口部门审核发布；已有的不变。"
        "Bring in the starter content, waiting for review; what exists stays as it is."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.prog = "sujin starter"
        parser.add_argument("--check", action="store_true", help="read and check, write nothing")
        parser.add_argument(
            "--released-by", metavar="STAFF_NO", help="who has reviewed it all and releases it"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            told = starter()
        except BrokenItem as broken:
            raise CommandError(str(broken), returncode=2) from None
        if options["check"]:
            self.stdout.write(f"{len(told)} 条 items（未写入 / nothing written）")
            return
        if not Org.objects.exists():
            raise CommandError("先建立机构 / plant the organisations first: sujin organise")
        by = self._releaser(options["released_by"])
        fresh = plant(told, by=system_person(), at=timezone.now(), released_by=by)
        state = "已发布 released" if by else "待审核 waiting for review"
        self.stdout.write(f"{fresh} 条新装入 new items, {state}")

    def _releaser(self, staff_no: str | None) -> Person | None:
        if staff_no is None:
            return None
        found = Person.objects.filter(staff_no=staff_no, is_service=False).first()
        if found is None:
            raise CommandError(f"--released-by {staff_no}: 没有这个工号 / no such person")
        return found
