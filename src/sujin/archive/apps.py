"""Registers the reader of foreign archives (it owns no tables)."""

from django.apps import AppConfig


class ArchiveConfig(AppConfig):
    name = "sujin.archive"
    label = "archive"
    verbose_name = "外部档案"
