"""Every address of the house."""

from django.urls import URLPattern, URLResolver, include, path

from sujin.config import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("sujin.complaints.urls")),
    path("", include("sujin.channels.urls")),
    path("", include("sujin.platform.urls")),
]

handler400 = "sujin.platform.pages.errors.bad_request"
handler403 = "sujin.platform.pages.errors.forbidden"
handler404 = "sujin.platform.pages.errors.not_found"
handler500 = "sujin.platform.pages.errors.server_error"
