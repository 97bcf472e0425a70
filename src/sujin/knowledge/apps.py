"""Registers the room and its kinds."""

from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    name = "sujin.knowledge"
    label = "knowledge"
    verbose_name = "知识"

    def ready(self) -> None:
        from sujin.knowledge import kinds
        from sujin.platform import journal

        journal.learn(kinds.KINDS)
