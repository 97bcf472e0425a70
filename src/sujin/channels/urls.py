"""Addresses of the doors, one line each."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("intake/", include("sujin.channels.counter.urls")),
    path("hotline/", include("sujin.channels.hotline.urls")),
    path("regulator/", include("sujin.channels.regulator.urls")),
    path("say/", include("sujin.channels.web_form.urls")),
    path("track/", include("sujin.channels.tracking.urls")),
]
