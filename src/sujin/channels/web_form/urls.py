"""Addresses of the public form; nothing that was typed is ever in one."""

from django.urls import path

from sujin.channels.web_form import pages

app_name = "web_form"
urlpatterns = [
    path("", pages.start, name="start"),
    path("you", pages.you, name="you"),
    path("check", pages.check, name="check"),
    path("done", pages.done, name="done"),
]
