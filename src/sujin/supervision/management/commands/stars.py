"""``sujin stars``: score a month's sheets; check that kept sheets are what their counts give."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from sujin.platform.acts.organise import system_person
from sujin.platform.models import Org
from sujin.supervision.acts.rate_units import CannotRate, check_stars, rate_units
from sujin.supervision.models import StarRound
from sujin.supervision.starbook import OUTLET, schemes


class Command(BaseCommand):
    help = (
        "星级评定：评一个月的分；核对已评的分与所记件数一致，不一致时退出码为 1。"
        "Star rating: score a month; check that kept sheets are what their counts give, exit code "
        "1 when not."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.prog = "sujin stars"
        parser.add_argument("--month", help="such as 2026-02: score it")
        parser.add_argument("--scheme", default=OUTLET, choices=[*schemes()])
        parser.add_argument("--check", action="store_true", help="check every round there is")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["month"]:
            self._score(options["scheme"], options["month"])
        if options["check"] or not options["month"]:
            self._check()

    def _score(self, scheme: str, told: str) -> None:
        try:
            month = date.fromisoformat(f"{told}-01")
            row, at = schemes()[scheme], timezone.now()
            made = rate_units(row, month, by=system_person(), at=at)
        except (ValueError, CannotRate) as problem:
            raise CommandError(f"--month {told}: {problem}", returncode=1) from None
        self.stdout.write(f"{made}: {made.sheets.count()} 个单位 / units")

    def _check(self) -> None:
        units = StarRound.objects.values("sheets__unit")
        names = dict(Org.objects.filter(pk__in=units).values_list("pk", "code"))
        wrong = 0
        for one in StarRound.objects.order_by("scheme", "month"):
            found = check_stars(one)
            wrong += len(found.wrong)
            for key in found.wrong:
                self.stdout.write(f"{one.month:%Y-%m}\t{names.get(key, key)}\t不一致 / differs")
            for key, item in found.drifted:
                self.stdout.write(f"{one.month:%Y-%m}\t{names.get(key, key)}\t{item}\t件后来有变动")
            self.stdout.write(
                f"{one.scheme} {one.month:%Y-%m}: 重算不一致 {len(found.wrong)} / differ, "
                f"件后来有变动 {len(found.drifted)} / rows changed since"
            )
        if wrong:
            raise CommandError("评分与所记件数不符 / sheets are not what they say", returncode=1)
