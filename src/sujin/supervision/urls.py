"""Addresses of the room."""

from django.urls import path

from sujin.supervision.pages import dispersion, export, findings, silent

app_name = "supervision"

urlpatterns = [
    path("findings", findings.findings, name="findings"),
    path("findings/export", export.export, name="export"),
    path("findings/<int:pk>", findings.finding, name="finding"),
    path("findings/<int:pk>/explanation", findings.explanation, name="explanation"),
    path("findings/<int:pk>/verdict", findings.verdict, name="verdict"),
    path("findings/<int:pk>/settlement", findings.settlement, name="settlement"),
    path("dispersion", dispersion.dispersion, name="dispersion"),
    path("silent", silent.page, name="silent"),
]
