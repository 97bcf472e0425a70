"""Addresses of the counter."""

from django.urls import path

from sujin.channels.counter import pages

app_name = "counter"

urlpatterns = [
    path("", pages.intake, name="intake"),
    path("reading", pages.read, name="read"),
    path("done/<number:number>", pages.done, name="done"),
]
