"""Addresses of the room."""

from django.urls import path

from sujin.governance.pages import effects, file, files

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
]
