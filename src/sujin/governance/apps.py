"""Registers the room and its kinds."""

from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    name = "sujin.governance"
    label = "governance"
    verbose_name = "治理"

    def ready(self) -> None:
        from sujin.governance import kinds
        from sujin.platform import journal

        journal.learn(kinds.KINDS)
