"""Registers the doors (they own no tables)."""

from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "sujin.channels"
    label = "channels"
    verbose_name = "渠道"
