"""Verbs of the room, in the order of a file's life."""
