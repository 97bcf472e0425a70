"""Registers the room and its kinds."""

from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "sujin.supervision"
    label = "supervision"
    verbose_name = "监督"

    def ready(self) -> None:
        from sujin.platform import journal
        from sujin.supervision import kinds

        journal.learn(kinds.KINDS)
