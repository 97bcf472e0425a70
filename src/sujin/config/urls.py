"""Every address of the house."""

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from sujin.config import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("i18n/setlang/", login_not_required(set_language), name="set_language"),
    path("", include("sujin.complaints.urls")),
    path("", include("sujin.knowledge.urls")),
    path("", include("sujin.supervision.urls")),
    path("", include("sujin.governance.urls")),
    path("", include("sujin.reports.urls")),
    path("", include("sujin.channels.urls")),
    path("", include("sujin.platform.urls")),
]

handler400 = "sujin.platform.pages.errors.bad_request"
handler403 = "sujin.platform.pages.errors.forbidden"
handler404 = "sujin.platform.pages.errors.not_found"
handler500 = "sujin.platform.pages.errors.server_error"
