"""``sujin nearby build|status``: the index of near-identical texts, built or looked at."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from sujin.complaints import likeness
from sujin.complaints.models import Complaint
from sujin.platform.keeping import Spoiled, reading
from sujin.platform.shelf import Busy

NOT_BUILT = "还没有建立；新件从数据库读 / not built; cases are read live"


class Command(BaseCommand):
    help = (
        "近似文本索引：build 收入新增投诉（--whole 全部重建），status 查看并核对文件。"
        "The index of near-identical texts: take in what is new, or check its files."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.prog = "sujin nearby"
        verbs = parser.add_subparsers(dest="verb", required=True)
        build = verbs.add_parser("build", help="take in what has settled since the last build")
        build.add_argument("--whole", action="store_true", help="read every text again")
        verbs.add_parser("status", help="what is served; every byte checked")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["verb"] == "build":
            self._build(whole=options["whole"])
        else:
            self._status()

    def _build(self, *, whole: bool) -> None:
        try:
            built = likeness.build(at=timezone.now(), whole=whole, tell=self._tell)
        except Busy as busy:
            raise CommandError("另一个进程正在建立 / another process is building") from busy
        why = f"，全部重建 / whole: {built.why}" if built.whole else ""
        self.stdout.write(
            f"索引 {built.texts} 件，新收 {built.added} 件，{built.size / 1e6:.1f} MB{why}"
        )

    def _status(self) -> None:
        here = likeness.shelf()
        try:
            found = likeness.served(here)
            with reading(here.served):
                self.stdout.write(_told(found) if found else NOT_BUILT)
        except Spoiled as spoiled:
            message = f"文件损坏，运行 sujin nearby build / spoiled: {spoiled}"
            raise CommandError(message) from spoiled

    def _tell(self, done: int) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"\r{done} …", ending="")


def _told(found: likeness.Served) -> str:
    facts, sets = found.contents.facts, found.contents.sets
    size = sum(one.size for one in sets)
    newer = Complaint.objects.filter(pk__gt=facts["last"]).count()
    return (
        f"索引 {facts['texts']} 件，{len(sets)} 组，{size / 1e6:.1f} MB，"
        f"{facts['at']}；其后 {newer} 件从数据库读 / {newer} newer cases read live"
    )
