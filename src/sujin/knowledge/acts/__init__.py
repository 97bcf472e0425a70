"""Verbs of the room, in the order of a version's life: draft, edit, submit, send back, release,
extend, withdraw."""
