"""Knowledge: what we say and do, dated, approved, scoped, found in seconds, read, and measured.

An item is one subject (a scenario, an answer line, a guideline, a restriction …); a version is one
wording of it with its scope and its days. Promises: only a version that a second person has
released, on its days and in its scope, is ever served (``models/version.py::served`` is the one
door); a new version takes the place of the old one on every screen; who was shown, read and used
which version is recorded. The room knows no case: it is asked with a ``Situation``.
"""
