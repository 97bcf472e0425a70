"""Attachments of a case: served as downloads only, to whoever may see the case."""

from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from sujin.complaints.pages.guard import visible
from sujin.platform.models import Attachment


@require_safe
def paper(request: HttpRequest, number: str, pk: int) -> FileResponse:
    """Never inline from our origin: a file of somebody else's must not run as ours."""
    case = visible(request, number)
    found = get_object_or_404(Attachment, subject=case.subject, subject_id=case.pk, pk=pk)
    if not found.path.is_file():
        raise Http404
    response = FileResponse(
        found.path.open("rb"),
        as_attachment=True,
        filename=found.name,
        content_type=found.media_type,
    )
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
