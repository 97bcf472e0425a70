"""Registers the laboratory (it owns no tables)."""

from django.apps import AppConfig


class LabConfig(AppConfig):
    name = "sujin.lab"
    label = "lab"
    verbose_name = "实验室"
