"""Addresses of the room."""

from django.urls import path

from sujin.governance.pages import (
    effects,
    event,
    event_cases,
    event_edit,
    events,
    file,
    files,
    flashes,
    mentions,
)

app_name = "governance"

urlpatterns = [
    path("effects", effects.effects, name="effects"),
    path("effects/<int:pk>", effects.effect, name="effect"),
    path("evidence", files.files, name="evidence"),
    path("evidence/<int:pk>", file.file, name="evidence_file"),
    path("evidence/<int:pk>/verdict", file.verdict, name="evidence_verdict"),
    path("evidence/<int:pk>/objection", file.objection, name="evidence_objection"),
    path("evidence/<int:pk>/closing", file.closing, name="evidence_closing"),
    path("evidence/<int:pk>/<str:form>", file.export, name="evidence_paper"),
    path("events", events.events, name="events"),
    path("events/new", event_edit.new, name="event_new"),
    path("events/move", event_edit.move, name="event_move"),
    path("events/<int:pk>", event.event, name="event"),
    path("events/<int:pk>/wording", event_edit.edit, name="event_edit"),
    path("events/<int:pk>/cases", event_cases.event_cases, name="event_cases"),
    path("events/<int:pk>/lines/<int:line>/<str:verb>", event.line, name="event_line"),
    path("events/<int:pk>/<str:verb>", event.perform, name="event_verb"),
    path("mentions", mentions.mentions, name="mentions"),
    path("flashes", flashes.flashes, name="flashes"),
    path("flashes/<int:pk>", flashes.flash, name="flash"),
    path("flashes/<int:pk>/file/<str:form>", flashes.paper, name="flash_paper"),
    path("flashes/<int:pk>/<str:verb>", flashes.perform, name="flash_verb"),
]
