"""Hand out one version to be read, without an issue around it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_http_methods

from sujin.knowledge.acts.distribute import distribute
from sujin.knowledge.audience import audience_of
from sujin.knowledge.duties import COMPILE
from sujin.knowledge.forms_reading import DistributeForm
from sujin.knowledge.models import Version
from sujin.platform.refusal import Refusal
from sujin.platform.ui.request import holds


@require_http_methods(["GET", "HEAD", "POST"])
def hand_out(request: HttpRequest, pk: int) -> HttpResponse:
    """To whom, until when; then the map of units."""
    asked = holds(request, COMPILE)
    served = Version.objects.served(audience_of(asked.reach), asked.at).listed()
    found = served.filter(pk=pk).first()
    if found is None:
        raise Http404
    form = DistributeForm(request.POST or None, reach=asked.reach)
    if request.method == "POST" and form.is_valid():
        try:
            made = distribute(found, **form.cleaned_data, by=asked.person, at=asked.at)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _t("已下发"))
            return redirect(made.map_url)
    context = {"version": found, "item": found.item, "form": form}
    return render(
        request, "knowledge/version_distribution.html", context, status=422 if form.errors else 200
    )
