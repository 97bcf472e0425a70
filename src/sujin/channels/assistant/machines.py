"""Addresses for machines that ask for somebody."""

from django.urls import path

from sujin.channels.assistant import api

app_name = "assistant_api"
urlpatterns = [
    path("turns", api.turns, name="turns"),
    path("verdicts", api.verdicts, name="verdicts"),
    path("hand-overs", api.hand_overs, name="hand_overs"),
]
