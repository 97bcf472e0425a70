"""Registers the room and its kinds."""

from django.apps import AppConfig


class ComplaintsConfig(AppConfig):
    name = "sujin.complaints"
    label = "complaints"
    verbose_name = "投诉"

    def ready(self) -> None:
        from sujin.complaints import kinds
        from sujin.platform import journal

        journal.learn(kinds.KINDS)
