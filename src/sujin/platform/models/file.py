"""Attachments: the row; the bytes live under FILES_ROOT, named by their hash."""

from pathlib import Path
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from sujin.platform.models.identity import Person


class Attachment(models.Model):
    """A file somebody handed in. ``media_type`` was read from its bytes, not from its name."""

    subject = models.CharField(max_length=24)
    subject_id = models.BigIntegerField()
    name = models.CharField(_("文件名"), max_length=160)
    media_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["subject", "subject_id"], name="file_subject")]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> Path:
        return Path(settings.FILES_ROOT) / self.sha256[:2] / self.sha256
