"""预警回放: what the watch would have said of the past year with other settings."""

from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sujin.platform.models import Docketed, Person

WAITING, RUNNING, DONE, FAILED = "waiting", "running", "done", "failed"
REPLAY_STATES = {
    WAITING: _("排队中"),
    RUNNING: _("正在回放"),
    DONE: _("已完成"),
    FAILED: _("未能完成"),
}


class Replay(Docketed):
    """What was asked is on the docket; how far it is and what came out is only here, and can be
    asked for again."""

    subject = "replay"

    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    asked_at: "models.DateTimeField[datetime, datetime]" = models.DateTimeField(_("请求时间"))
    row = models.CharField(_("看法"), max_length=8)
    settings: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    state = models.CharField(
        _("状态"), max_length=8, default=WAITING, choices=list(REPLAY_STATES.items())
    )
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    months: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    alarms: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-asked_at"], name="replay_asked")]

    def __str__(self) -> str:
        return f"{self.row} {self.asked_at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("governance:replay", args=[self.pk])

    @property
    def is_under_way(self) -> bool:
        return self.state in (WAITING, RUNNING)

    @property
    def percent(self) -> int:
        return round(100 * self.done / self.total) if self.total else 0
