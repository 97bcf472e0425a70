"""Registers the room and its kinds."""

from django.apps import AppConfig


class PlatformConfig(AppConfig):
    name = "sujin.platform"
    label = "platform"
    verbose_name = "平台"

    def ready(self) -> None:
        from sujin.platform import journal, kinds

        journal.learn(kinds.KINDS)
