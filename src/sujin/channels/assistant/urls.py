"""Addresses of the public page; nothing that was typed is ever in one."""

from django.urls import path

from sujin.channels.assistant import pages

app_name = "assistant"
urlpatterns = [
    path("", pages.ask, name="ask"),
    path("choice", pages.choice, name="choice"),
    path("verdict", pages.verdict, name="verdict"),
    path("person", pages.person, name="person"),
    path("end", pages.end, name="end"),
]
