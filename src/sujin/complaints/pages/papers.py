"""Attachments of a case: served as downloads only, to whoever may see the case."""

from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from sujin.complaints.pages import story
from sujin.complaints.pages.guard import visible
from sujin.complaints.sides import Entities
from sujin.platform.ui.request import staff


@require_safe
def paper(request: HttpRequest, number: str, pk: int) -> FileResponse:
    """Never inline from our origin: a file of somebody else's must not run as ours."""
    case = visible(request, number)
    readable = story.papers(case, staff(request), Entities())
    found = next((one for one in readable if one.pk == pk), None)
    if found is None or not found.path.is_file():
        raise Http404
    response = FileResponse(
        found.path.open("rb"),
        as_attachment=True,
        filename=found.name,
        content_type=found.media_type,
    )
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
