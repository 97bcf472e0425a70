"""A code that needs a human look: found by the night, gone when somebody has looked."""

from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from sujin.complaints.models.complaint import Complaint
from sujin.platform.reach import Reach


class SuspectQuerySet(models.QuerySet["Suspect"]):
    def within(self, reach: Reach) -> Self:
        """Suspects about cases the person may see."""
        if reach.everything:
            return self
        return self.filter(complaint__seen_by__sharing=reach.tokens)


class Suspect(models.Model):
    """Why the code of one axis is suspected (one of ``engine.suspect.REASONS``) and how likely it
    is wrong; ``machine`` with ``words`` is what the machine says now. A reading, written anew each
    night, of what dockets and machine say: it has no docket of its own."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="suspects")
    axis = models.CharField(_("角度"), max_length=16)
    why = models.CharField(_("缘由"), max_length=16)
    score = models.FloatField(_("可疑程度"))
    code = models.CharField(_("现有分类"), max_length=60, blank=True)
    machine = models.CharField(_("系统判断"), max_length=60, blank=True)
    confidence = models.FloatField(_("把握"))
    words = ArrayField(models.CharField(max_length=60), default=list)

    objects = SuspectQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(name="an_axis_is_suspected_once", fields=["complaint", "axis"])
        ]
        indexes: ClassVar = [models.Index(fields=["-score", "-id"], name="suspect_score")]

    def __str__(self) -> str:
        return f"{self.complaint} {self.axis}: {self.score:.2f}"
