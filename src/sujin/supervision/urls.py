"""Addresses of the room."""

from django.urls import path

from sujin.supervision.pages import (
    accountabilities,
    dispersion,
    export,
    findings,
    inspections,
    plans,
    questionnaire,
    rectifications,
    samples,
    silent,
    star,
    stars,
    survey_sheets,
    surveys,
    walk,
    worker,
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
    path("inspections", inspections.inspections, name="inspections"),
    path("inspections/worker.js", worker.worker, name="walk_worker"),
    path("inspections/plans", plans.plans, name="plans"),
    path("inspections/plans/new", plans.plan_new, name="plan_new"),
    path("inspections/plans/<int:pk>", plans.plan, name="plan"),
    path("inspections/<int:pk>", inspections.inspection, name="inspection"),
    path("inspections/<int:pk>/walk", walk.walk, name="walk"),
    path("inspections/<int:pk>/marks", walk.marks, name="walk_marks"),
    path("inspections/<int:pk>/photos", walk.photos, name="walk_photos"),
    path("inspections/<int:pk>/submission", walk.submission, name="walk_submission"),
    path("inspections/<int:pk>/standing", walk.standing, name="walk_standing"),
    path("inspections/<int:pk>/photos/<int:file>", inspections.photo, name="photo"),
    path("inspections/<int:pk>/<slug:verb>", inspections.perform, name="inspection_verb"),
    path("recordings/<int:pk>/<slug:verb>", inspections.recording, name="recording_verb"),
    path("stars", stars.stars, name="stars"),
    path("stars/<int:pk>", star.star, name="star"),
    path("stars/<int:pk>/<slug:item>", star.star_line, name="star_line"),
    path("stars/rounds/<str:month>/<slug:verb>", stars.perform, name="stars_verb"),
    path("stars/appeals/<int:pk>/<slug:verb>", star.appeal_verb, name="star_appeal_verb"),
    path("rectifications", rectifications.rectifications, name="rectifications"),
    path("rectifications/<int:pk>", rectifications.shortcoming, name="shortcoming"),
    path(
        "rectifications/<int:pk>/papers/<int:file>", rectifications.paper, name="shortcoming_paper"
    ),
    path("rectifications/<int:pk>/<slug:verb>", rectifications.perform, name="shortcoming_verb"),
    path("accountabilities", accountabilities.accountabilities, name="accountabilities"),
    path("accountabilities/new", accountabilities.accountability_new, name="accountability_new"),
    path("accountabilities/<int:pk>", accountabilities.accountability, name="accountability"),
    path(
        "accountabilities/<int:pk>/<slug:verb>",
        accountabilities.perform,
        name="accountability_verb",
    ),
    path("surveys", surveys.surveys, name="surveys"),
    path("surveys/new", samples.survey_new, name="survey_new"),
    path("surveys/sheets", survey_sheets.sheets, name="sheets"),
    path("surveys/sheets/export", survey_sheets.export, name="sheets_export"),
    path("surveys/<int:pk>", samples.survey, name="survey"),
    path("s/<str:secret>", questionnaire.questionnaire, name="questionnaire"),
]
