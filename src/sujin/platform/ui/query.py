"""The query string of the page being shown, with something changed."""

from collections.abc import Mapping

from django.http import QueryDict

PAGE = "page"


def changed(params: QueryDict, changes: Mapping[str, object]) -> str:
    """The query string of ``params`` with ``changes`` made, starting with ``?``.

    ``None`` and the empty string take a parameter out. The page number is dropped unless it is
    itself changed: page 7 of another selection means nothing.
    """
    query = params.copy()
    for name in {PAGE, *changes}:
        query.pop(name, None)
    for name, value in changes.items():
        if value is not None and value != "":
            query[name] = str(value)
    return "?" + query.urlencode()
