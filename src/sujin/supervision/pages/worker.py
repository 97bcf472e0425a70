"""The script that keeps an inspection's page for when there is no network."""

from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

SCRIPT = Path("build/walk-worker.js")


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """Served from under ``/inspections/``: a script may keep pages below its own address only."""
    folder = Path(settings.STATICFILES_DIRS[0])
    response = HttpResponse(
        (folder / SCRIPT).read_text(encoding="utf-8"), content_type="text/javascript"
    )
    response["Cache-Control"] = "no-cache"
    return response
