"""报送记录: what a return said when it went out, never changed."""

from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sujin.platform.models import Docketed, Person


class Submission(Docketed):
    """``values``: of a return of cells each figure by its cell; of one of rows how many there are.
    ``prints``: of a return of rows a digest of each, by the number of the case. ``note`` says why
    the same period was submitted again."""

    subject = "submission"

    report = models.CharField(_("报表"), max_length=24)
    period = models.CharField(_("期间"), max_length=8)
    version = models.PositiveSmallIntegerField(_("第几次"))
    values: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    prints: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    note = models.TextField(_("更正说明"), blank=True, default="")
    submitted_at: "models.DateTimeField[datetime, datetime]" = models.DateTimeField(_("报送时间"))
    submitted_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                name="a_period_has_one_of_each_version", fields=["report", "period", "version"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.report} {self.period} #{self.version}"

    def get_absolute_url(self) -> str:
        return f"{reverse('reports:return', args=[self.report])}?period={self.period}"
