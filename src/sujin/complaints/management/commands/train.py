"""`sujin train`: teach one axis from a file or from the handlers' corrections, list, take back."""

import argparse
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_date

from sujin.complaints import coders, schooling
from sujin.complaints.acts.suspect import suspect_all
from sujin.complaints.acts.teach import CannotTeach, Subject, activate, roll_back, teach
from sujin.complaints.acts.triage import AXES
from sujin.complaints.rulebook import taxonomy
from sujin.complaints.schooling import Card, Unusable
from sujin.engine.lessons import LABELLED, Lesson
from sujin.engine.text import redact
from sujin.platform import given
from sujin.platform.acts.organise import system_person
from sujin.platform.models import Person

FEWEST = 20  # rows of a code in a file of one's own
FEWEST_CORRECTED = 10  # cases of a code, where the rest of it is left to the words
WORDS_ALONE = "words"


class Command(BaseCommand):
    help = "Teach the classifier one axis, examine it beside what judges now, and put it to work."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path, nargs="?", help="CSV with a text and a label column")
        parser.add_argument("--from-corrections", action="store_true", help="learn from the cases")
        parser.add_argument("--since", default="", metavar="DATE", help="cases received since")
        parser.add_argument("--axis", default="cause", choices=AXES)
        parser.add_argument("--text", default="text")
        parser.add_argument("--label", default="label")
        parser.add_argument(
            "--map", action="append", default=[], metavar="LABEL=CODE", help="label -> pack code"
        )
        parser.add_argument("--seed", type=given.seed, default=2026)
        parser.add_argument("--by", default="", metavar="STAFF_NO", help="who does it")
        parser.add_argument("--force", default="", metavar="REASON", help="use it all the same")
        parser.add_argument("--keep-only", action="store_true", help="do not put it to work")
        parser.add_argument("--list", action="store_true", help="versions of every axis")
        parser.add_argument("--activate", default="", metavar="VERSION", help="put one to work")
        parser.add_argument("--rollback", default="", metavar="AXIS", help="take a version back")
        parser.add_argument("--to", default=None, metavar="VERSION", help="or `words`")
        parser.add_argument("--because", default="", help="why it is taken back")

    def handle(self, *args: object, **options: Any) -> None:
        try:
            if options["list"]:
                self._list()
            elif options["rollback"]:
                self._roll_back(options)
            elif options["activate"]:
                self._activate(options["activate"], options)
            else:
                self._train(options)
        except (CannotTeach, Unusable) as refused:
            raise CommandError(str(refused)) from None

    def _train(self, options: dict[str, Any]) -> None:
        axis, file = options["axis"], options["file"]
        if (file is None) == (not options["from_corrections"]):
            raise CommandError("give a FILE, or --from-corrections")
        lessons = _of_file(options) if file else coders.lessons(axis, _since(options["since"]))
        origin = file.name if file else "corrections"
        fewest = FEWEST if file else FEWEST_CORRECTED
        subject = Subject(axis, origin, fewest, options["seed"])
        card = teach(subject, lessons, by=_who(options), at=timezone.now())
        for line in told(card):
            self.stdout.write(line)
        if not options["keep_only"]:
            self._activate(card["version"], options)

    def _activate(self, version: str, options: dict[str, Any]) -> None:
        axis, at = options["axis"], timezone.now()
        activate(axis, version, force=options["force"], by=_who(options), at=at)
        self.stdout.write(f"{axis}: {version} judges now; running processes follow in a minute")
        self.stdout.write(f"{suspect_all(at=at)} codes now in the queue of corrections")

    def _roll_back(self, options: dict[str, Any]) -> None:
        axis, to = options["rollback"], options["to"]
        to = "" if to == WORDS_ALONE else to
        because, at = options["because"], timezone.now()
        now = roll_back(axis, to=to, because=because, by=_who(options), at=at)
        self.stdout.write(f"{axis}: {now or 'the words alone'} judges now")
        suspect_all(at=at)

    def _list(self) -> None:
        judging = schooling.judging()
        for axis in AXES:
            now = judging.versions.get(axis, "")
            self.stdout.write(f"{axis}: {now or 'the words alone'}")
            if axis in judging.problems:
                self.stdout.write(f"  ! {judging.problems[axis]}")
            for version in schooling.versions(axis):
                card = schooling.card(axis, version)
                marks = card["holdout"]["evaluation"]
                sign = "*" if version == now else " "
                self.stdout.write(
                    f"  {sign} {version}  macro-F1 {marks['macro_f1']:.3f} of {marks['n']}  "
                    f"{card['origin']}  {card['trained_at']}"
                )


def told(card: Card) -> Iterator[str]:
    """The card in a few lines."""
    marks, beside = card["holdout"]["evaluation"], card["beside"]
    lower, upper = card["holdout"]["macro_f1_interval"]
    gap = beside["comparison"]
    yield f"{card['axis']} {card['version']}: {len(card['codes'])} codes"
    yield f"  taught {card['rows']}, examined {card['examined']}, left out {card['left_out']}"
    yield (
        f"  accuracy {marks['accuracy']:.3f}  macro-F1 {marks['macro_f1']:.3f} "
        f"({lower:.3f} to {upper:.3f})  calibration error {marks['calibration_error']:.3f}"
    )
    yield (
        f"  words alone: accuracy {card['words_alone']['accuracy']:.3f}  "
        f"macro-F1 {card['words_alone']['macro_f1']:.3f}"
    )
    yield (
        f"  judging now ({beside['version'] or 'words alone'}): macro-F1 "
        f"{beside['macro_f1']:.3f}; difference {gap['difference']:+.3f} "
        f"({gap['lower']:+.3f} to {gap['upper']:+.3f}), McNemar p {gap['p']:.3g}"
    )


def _who(options: dict[str, Any]) -> Person:
    if not options["by"]:
        return system_person()
    found = Person.objects.filter(staff_no=options["by"]).first()
    if found is None:
        raise CommandError(f"--by {options['by']}: nobody has this staff number")
    return found


def _since(since: str) -> datetime | None:
    if not since:
        return None
    try:
        day = parse_date(since)
    except ValueError:
        day = None
    if day is None:
        raise CommandError(f"--since {since}: give a date such as 2026-01-31")
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))


def _of_file(options: dict[str, Any]) -> list[Lesson]:
    """Labelled rows of a file, their personal data masked as that of a case is."""
    rows = list(_rows(options["file"], options["text"], options["label"]))
    codes = _codes(options["axis"], [label for _text, label in rows], _mapping(options["map"]))
    return [
        Lesson(redact(text).text, code, LABELLED)
        for (text, _label), code in zip(rows, codes, strict=True)
    ]


def _mapping(pairs: object) -> dict[str, str]:
    """``--map LABEL=CODE``, as often as given."""
    told = pairs if isinstance(pairs, list) else []
    if any("=" not in pair for pair in told):
        raise CommandError("--map: give LABEL=CODE")
    return {label: code for label, _equals, code in (pair.partition("=") for pair in told)}


def _rows(file: Path, text: str, label: str) -> Iterator[tuple[str, str]]:
    """Labelled rows; raises CommandError for what cannot be read as such."""
    try:
        for row in given.rows(file, (text, label)):
            if row[text].strip() and row[label].strip():
                yield row[text], row[label].strip()
    except given.Unreadable as refused:
        raise CommandError(str(refused)) from refused


def _codes(axis: str, labels: list[str], mapped: dict[str, str]) -> list[str]:
    """The labels as codes of the pack; raises CommandError listing those that are none."""
    known = {code for found, code in taxonomy() if found == axis}
    codes = [mapped.get(label, label) for label in labels]
    strangers = Counter(code for code in codes if code not in known)
    if strangers:
        raise CommandError(
            f"not codes of the axis {axis}: {dict(strangers)}; give --map LABEL=CODE for each"
        )
    rare = [code for code, count in Counter(codes).items() if count < FEWEST]
    if rare:
        raise CommandError(f"fewer than {FEWEST} rows for {rare}; gather more or map them together")
    return codes
