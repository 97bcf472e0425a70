"""The roof goes on last: reactions are installed when every room is ready."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "sujin.config"
    label = "config"

    def ready(self) -> None:
        from sujin.config import checks
        from sujin.config.errands import ERRANDS
        from sujin.config.reactions import REACTIONS
        from sujin.platform import errands, journal

        checks.register()
        journal.answer_with(REACTIONS)
        errands.answer_with(ERRANDS)
