"""Registers the room."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "sujin.reports"
    label = "reports"
    verbose_name = "报表"
