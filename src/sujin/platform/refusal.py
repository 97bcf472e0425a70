"""Refuse aloud: the base of every Cannot…, so that a page can say what the act said."""


class Refusal(Exception):
    """An act was refused; nothing has changed. The message is for the person who asked."""
