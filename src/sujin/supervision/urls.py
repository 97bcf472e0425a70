"""Addresses of the room."""

from django.urls import path

from sujin.supervision.pages import (
    dispersion,
    export,
    findings,
    questionnaire,
    samples,
    silent,
    survey_sheets,
    surveys,
)

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
    path("surveys", surveys.surveys, name="surveys"),
    path("surveys/new", samples.survey_new, name="survey_new"),
    path("surveys/sheets", survey_sheets.sheets, name="sheets"),
    path("surveys/sheets/export", survey_sheets.export, name="sheets_export"),
    path("surveys/<int:pk>", samples.survey, name="survey"),
    path("s/<str:secret>", questionnaire.questionnaire, name="questionnaire"),
]
