"""Addresses of the room. A verb becomes a noun: POST /complaints/2026-0000417/claim."""

from django.urls import path, register_converter

from sujin.complaints.pages import (
    advice,
    approvals,
    assist,
    assurance,
    batches,
    cases,
    corrections,
    corrections_many,
    delivery,
    dossier,
    early,
    examinations,
    export,
    figures,
    figures_export,
    groups,
    home,
    learners,
    letters,
    liaison,
    outlook,
    overrides,
    papers,
    promises,
    queue,
    retyping,
    sessions,
    wall,
)
from sujin.complaints.pages.actions import ACTIONS

app_name = "complaints"


class NumberConverter:
    """The number of a case."""

    regex = r"\d{4}-\d{7}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(NumberConverter, "number")

urlpatterns = [
    path("", home.home, name="home"),
    path("complaints", cases.cases, name="list"),
    path("complaints/export", export.export, name="export"),
    path("complaints/early", early.early, name="early"),
    path("figures", figures.figures, name="figures"),
    path("figures/export", figures_export.figures_export, name="figures_export"),
    path("groups", groups.groups, name="groups"),
    path("groups/<number:number>", groups.group, name="group"),
    path("groups/<number:number>/export", groups.export, name="group_export"),
    path("groups/<number:number>/removal", groups.removal, name="group_removal"),
    path("groups/<number:number>/return", groups.return_, name="group_return"),
    path("wall", wall.wall, name="wall"),
    path("queue", queue.queue, name="queue"),
    path("complaints/retyping", retyping.retyping, name="retyping"),
    path("complaints/<number:number>/letters/<int:pk>", letters.letter, name="letter"),
    path(
        "complaints/<number:number>/letters/<int:pk>/submission",
        letters.submission,
        name="submission",
    ),
    path("complaints/<number:number>/letters/<int:pk>/dispatch", letters.dispatch, name="dispatch"),
    path("complaints/<number:number>/letters/<int:pk>/reading", letters.reading, name="reading"),
    path("complaints/<number:number>/letters/<int:pk>/scale", letters.scale, name="scale"),
    path(
        "complaints/<number:number>/letters/<int:pk>/delivery/<str:way>",
        delivery.delivery,
        name="delivery",
    ),
    path(
        "complaints/<number:number>/letters/<int:pk>/again/<int:dispatch>",
        delivery.again,
        name="delivery_again",
    ),
    path(
        "complaints/<number:number>/letters/<int:pk>/stopping/<int:dispatch>",
        delivery.stop,
        name="delivery_stop",
    ),
    path(
        "complaints/<number:number>/letters/<int:pk>/<str:form>", letters.paper, name="letter_paper"
    ),
    path("liaison", liaison.liaison, name="liaison"),
    path("liaison/<str:code>", liaison.liaison_of, name="liaison_of"),
    path("batches", batches.batches, name="batches"),
    path("batches/<int:pk>", batches.batch, name="batch"),
    path("batches/<int:pk>/undoing", batches.undoing, name="undoing"),
    path("examinations", examinations.examinations, name="examinations"),
    path("examinations/<int:pk>", examinations.examinations, name="examination"),
    path("corrections", corrections.corrections, name="corrections"),
    path("corrections/export", corrections.corrections_export, name="corrections_export"),
    path("corrections/batches", corrections_many.correction_batches, name="correction_batches"),
    path("corrections/<int:pk>", corrections.correction, name="correction"),
    path("models", learners.models, name="models"),
    path("models/<slug:axis>", learners.model, name="model"),
    path("models/<slug:axis>/return", learners.rollback, name="model_return"),
    path("models/<slug:axis>/<slug:version>", learners.model, name="model_version"),
    path("outlook", outlook.page, name="outlook"),
    path("overrides", overrides.overrides_page, name="overrides"),
    path("overrides/export", overrides.overrides_export, name="overrides_export"),
    path("assurance", assurance.assurance, name="assurance"),
    path("assurance/<int:pk>", assurance.assurance, name="vigil"),
    path("sessions", sessions.sessions, name="sessions"),
    path("complaints/<number:number>/sessions/<int:pk>.ics", sessions.calendar, name="session_ics"),
    path("approvals", approvals.approvals, name="approvals"),
    path("approvals/<int:pk>", approvals.decision, name="approval"),
    path("complaints/<number:number>", dossier.dossier, name="dossier"),
    path("complaints/<number:number>/personal", dossier.personal, name="personal"),
    path("complaints/<number:number>/advice", advice.advice, name="advice"),
    path("complaints/<number:number>/knowledge", assist.knowledge, name="knowledge"),
    path("complaints/<number:number>/contact", promises.reading, name="contact_reading"),
    path("complaints/<number:number>/promises/<int:pk>/kept", promises.kept, name="promise_kept"),
    path(
        "complaints/<number:number>/promises/<int:pk>/released",
        promises.released,
        name="promise_released",
    ),
    path("complaints/<number:number>/files/<int:pk>", papers.paper, name="paper"),
    *(
        path(
            f"complaints/<number:number>/{action.name}",
            dossier.perform,
            {"name": action.name},
            name=action.name,
        )
        for action in ACTIONS
    ),
]
