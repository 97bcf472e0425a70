"""Addresses of the hotline."""

from django.urls import path

from sujin.channels import orgs
from sujin.channels.hotline import calls, pages

app_name = "hotline"

urlpatterns = [
    path("", pages.intake, name="intake"),
    path("reading", pages.read, name="read"),
    path("done/<number:number>", pages.done, name="done"),
    path("branches", orgs.suggest, name="branches"),
    path("calls", calls.calls, name="calls"),
]
