"""Addresses of the doors, one line each."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("intake/", include("sujin.channels.counter.urls")),
    path("hotline/", include("sujin.channels.hotline.urls")),
    path("regulator/", include("sujin.channels.regulator.urls")),
    path("say/", include("sujin.channels.web_form.urls")),
    path("ask/", include("sujin.channels.assistant.urls")),
    path("assistant/", include("sujin.channels.assistant.machines")),
    path("track/", include("sujin.channels.tracking.urls")),
]
