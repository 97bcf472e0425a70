"""Stage: the day from which one branch has a version that is rolled out branch by branch."""

from datetime import datetime
from typing import Any, ClassVar

from django.db import models

from sujin.knowledge.models.version import Version
from sujin.platform.models import Org


class Stage(models.Model):
    """Right under the head office: a first-level branch, a department, a company, the centre."""

    version = models.ForeignKey(Version, models.PROTECT, related_name="stages")
    org = models.ForeignKey(Org, models.PROTECT, related_name="+")
    since: "models.DateTimeField[datetime, datetime]" = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(name="staged_once", fields=["version", "org"])
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.org_id}"
