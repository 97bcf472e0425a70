"""`sujin promise calibrate|status`: the promise about urgent complaints, made and shown."""

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from sujin.complaints import assurance
from sujin.complaints.acts.keep_model import keep_promise
from sujin.complaints.calibrating import calibrate
from sujin.complaints.models import Vigil
from sujin.complaints.settled import Labelled, confirmed
from sujin.engine.conformal import CannotPromise, Method
from sujin.engine.linear import CannotTrain
from sujin.platform import given
from sujin.platform.acts.organise import system_person

LAB_SIZE = 8_000
LAB_UNHEARD = 0.3


class Command(BaseCommand):
    help = "Promise that at most a share of urgent complaints is missed; or say what is promised."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.prog = "sujin promise"
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("status", help="what is promised, and what was found since")
        made = verbs.add_parser("calibrate", help="from the tiers that people have settled")
        pack = assurance.rules()
        made.add_argument("--alpha", type=float, default=pack["alpha"])
        made.add_argument("--method", choices=[*Method], default=pack["method"])
        made.add_argument("--seed", type=given.seed, default=2026)
        made.add_argument("--lab", action="store_true", help="from a synthetic bank: to show it")
        made.add_argument("--size", type=int, default=LAB_SIZE, help="contacts told with --lab")

    def handle(self, *args: object, **options: object) -> None:
        if options["verb"] == "calibrate":
            self._calibrate(options)
        else:
            self._status()

    def _calibrate(self, options: dict[str, object]) -> None:
        seed, pack = int(str(options["seed"])), assurance.rules()
        rows = _of_the_lab(seed, int(str(options["size"]))) if options["lab"] else [*confirmed()]
        try:
            promise = calibrate(
                rows,
                alpha=float(str(options["alpha"])),
                method=Method(str(options["method"])),
                delta=float(pack["delta"]),
                urgent_min=int(pack["urgent_min"]),
                seed=seed,
                source="lab" if options["lab"] else "confirmed",
                at=timezone.now(),
            )
        except (CannotPromise, CannotTrain, ValueError) as refused:
            raise CommandError(f"no promise can be made: {refused}") from refused
        keep_promise(promise, by=system_person(), at=timezone.now())
        self.stdout.write(json.dumps(asdict(promise.card), ensure_ascii=False, indent=2))

    def _status(self) -> None:
        found = assurance.found()
        promise = found.value
        if promise is None:
            because = f" ({found.spoiled})" if found.spoiled else ""
            self.stdout.write(f"nothing is promised{because}; run sujin promise calibrate")
            return
        self.stdout.write(json.dumps(asdict(promise.card), ensure_ascii=False, indent=2))
        vigil = Vigil.objects.filter(assured=promise.card.assured).first()
        if vigil is None:
            self.stdout.write("not compared yet with what was found since: done every night")
            return
        low, high = vigil.tally.interval()
        self.stdout.write(
            f"{vigil.missed} of {vigil.urgent} urgent cases missed ({low:.2%} to {high:.2%}); "
            f"{vigil.referred} of {vigil.looked} referred; "
            f"misses proved {vigil.broken_at or 'no'}; shift {vigil.shifted_at or 'no'}"
        )


def _of_the_lab(seed: int, size: int) -> Sequence[Labelled]:
    from sujin.lab.exams.tier_bank import bank

    return bank(seed, size, LAB_UNHEARD)[0]
