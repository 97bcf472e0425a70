"""Addresses of the room."""

from django.urls import path

from sujin.supervision.pages import (
    coverage,
    dispersion,
    drill,
    export,
    findings,
    one_training,
    silent,
    training,
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
    path("training", training.mine, name="trainings"),
    path("training/tests/<int:pk>", training.test, name="training_test"),
    path("training/tests/<int:pk>/<slug:verb>", training.perform, name="training_test_verb"),
    path("training/coverage", coverage.coverage, name="training_coverage"),
    path("training/coverage/people", coverage.people, name="training_people"),
    path("training/coverage/export", coverage.export, name="training_export"),
    path("training/proposals", coverage.proposed, name="training_proposals"),
    path("training/courses/<slug:code>", one_training.training, name="training"),
    path(
        "training/courses/<slug:code>/enrolment",
        one_training.enrolment,
        name="training_enrolment",
    ),
    path("training/courses/<slug:code>/drill", drill.drill, name="training_drill"),
    path(
        "training/courses/<slug:code>/drill/<slug:verb>",
        drill.perform,
        name="training_drill_verb",
    ),
]
