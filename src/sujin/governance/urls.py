"""Addresses of the room."""

from django.urls import path

from sujin.governance.pages import (
    effects,
    file,
    files,
    replays,
    wave,
    wave_detectors,
    wave_node,
    waves,
    waves_export,
)

app_name = "governance"

urlpatterns = [
    path("waves", waves.waves, name="waves"),
    path("waves/watch", waves.watch_now, name="waves_now"),
    path("waves/export", waves_export.export, name="waves_export"),
    path("waves/node", wave_node.wave_node, name="wave_node"),
    path("waves/grid", wave_node.grid, name="wave_grid"),
    path("waves/detectors", wave_detectors.detectors, name="wave_detectors"),
    path("waves/replays", replays.replays, name="replays"),
    path("waves/replays/<int:pk>", replays.replay, name="replay"),
    path("waves/replays/<int:pk>/export", replays.export, name="replay_export"),
    path("waves/<int:pk>", wave.wave, name="wave"),
    path("waves/<int:pk>/acknowledgement", wave.acknowledge, name="wave_acknowledgement"),
    path("waves/<int:pk>/dismissal", wave.dismiss, name="wave_dismissal"),
    path("waves/<int:pk>/confirmation", wave.confirm, name="wave_confirmation"),
    path("waves/<int:pk>/reopening", wave.reopen, name="wave_reopening"),
    path("effects", effects.effects, name="effects"),
    path("effects/<int:pk>", effects.effect, name="effect"),
    path("evidence", files.files, name="evidence"),
    path("evidence/<int:pk>", file.file, name="evidence_file"),
    path("evidence/<int:pk>/verdict", file.verdict, name="evidence_verdict"),
    path("evidence/<int:pk>/objection", file.objection, name="evidence_objection"),
    path("evidence/<int:pk>/closing", file.closing, name="evidence_closing"),
    path("evidence/<int:pk>/<str:form>", file.export, name="evidence_paper"),
]
