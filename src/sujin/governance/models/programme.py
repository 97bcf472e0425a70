"""专项: a programme of measures with milestones, or a supervision notice; and its tasks."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.governance.kinds import programme as kinds
from sujin.governance.models.owned import WATCH
from sujin.governance.models.problem import GOVERN
from sujin.platform.models import Docketed, Org, Person
from sujin.platform.models.identity import below
from sujin.platform.reach import Reach

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    def within(self, reach: Reach) -> Self:
        """All of them for the head office; for others those in which they have a task."""
        if WATCH not in reach.may:
            return self.none()
        if reach.everything:
            return self
        return self.filter(pk__in=Task.objects.owned(reach).values("programme"))


class Programme(Docketed):
    """Every column but the first two is a cache of the docket."""

    subject = "programme"

    opened_at: "models.DateTimeField[datetime, datetime]" = models.DateTimeField()
    opened_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    sort = models.CharField(_("哪一种"), max_length=8, choices=list(kinds.SORTS.items()))
    name = models.CharField(_("名称"), max_length=200)
    agency = models.CharField(_("来文机关"), max_length=60, blank=True, default="")
    reference = models.CharField(_("文号"), max_length=60, blank=True, default="")
    received_on = models.DateField(_("收到日期"), null=True)
    answer_by = models.DateField(_("答复期限"), null=True)
    state = models.CharField(
        _("状态"), max_length=8, default=kinds.RUNNING, choices=list(kinds.PROGRAMME_STATES.items())
    )
    ended_at = models.DateTimeField(null=True)

    if TYPE_CHECKING:
        tasks: "RelatedManager[Task]"

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                name="a_notice_says_who_sent_it_and_when",
                condition=~Q(sort=kinds.NOTICE)
                | (~Q(agency="") & ~Q(reference="") & Q(received_on__isnull=False)),
            ),
            models.UniqueConstraint(
                name="a_notice_is_registered_once",
                fields=["agency", "reference"],
                condition=Q(sort=kinds.NOTICE),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("governance:programme", args=[self.pk])

    @property
    def runs(self) -> bool:
        return self.state == kinds.RUNNING


class TaskQuerySet(models.QuerySet["Task"]):
    def owned(self, reach: Reach) -> Self:
        """Those that the person's desk, or one below it, answers for."""
        return self.filter(below([place.path for place in reach.places(GOVERN)], "owner__path"))

    def readable(self, reach: Reach) -> Self:
        """All of a programme for the head office; for others the own ones."""
        return self if reach.everything else self.owned(reach)


class Task(Docketed):
    """Every column but programme and number is a cache of the docket. ``metric`` is a code of the
    catalogue, empty of a milestone; ``found`` what it said on acceptance."""

    subject = "task"

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="tasks")
    number = models.PositiveSmallIntegerField()
    area = models.CharField(_("领域"), max_length=40, blank=True, default="")
    words = models.TextField(_("做什么"), blank=True, default="")
    owner = models.ForeignKey(Org, models.PROTECT, related_name="+", null=True)
    due_on: "models.DateField[date, date]" = models.DateField(_("期限"))
    metric = models.CharField(_("指标"), max_length=24, blank=True, default="")
    target = models.FloatField(_("目标"), null=True)
    state = models.CharField(
        _("状态"), max_length=8, default=kinds.OPEN, choices=list(kinds.TASK_STATES.items())
    )
    proof = models.TextField(blank=True, default="")
    found = models.CharField(max_length=80, blank=True, default="")
    urged = models.PositiveSmallIntegerField(default=0)
    reminded_on = models.DateField(null=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(name="a_task_has_its_number", fields=["programme", "number"]),
            models.CheckConstraint(
                name="a_metric_has_a_target",
                condition=Q(metric="") | Q(target__isnull=False),
            ),
            models.CheckConstraint(
                name="a_task_that_was_reported_has_proof",
                condition=Q(state__in=[kinds.OPEN, kinds.DROPPED]) | ~Q(proof=""),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "due_on"], name="task_state")]

    def __str__(self) -> str:
        return _t("任务 %(number)d") % {"number": self.number}

    def get_absolute_url(self) -> str:
        return f"{self.programme.get_absolute_url()}#task-{self.number}"

    @property
    def stands(self) -> bool:
        return self.state in (kinds.OPEN, kinds.REPORTED)
