"""Addresses of the room. A verb becomes a noun: POST /complaints/2026-0000417/claim."""

from django.urls import path, register_converter

from sujin.complaints.pages import (
    approvals,
    cases,
    delivery,
    dossier,
    early,
    export,
    home,
    letters,
    papers,
    retyping,
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
    path("complaints/retyping", retyping.retyping, name="retyping"),
    path("complaints/<number:number>/letters/<int:pk>", letters.letter, name="letter"),
    path(
        "complaints/<number:number>/letters/<int:pk>/submission",
        letters.submission,
        name="submission",
    ),
    path("complaints/<number:number>/letters/<int:pk>/dispatch", letters.dispatch, name="dispatch"),
    path("complaints/<number:number>/letters/<int:pk>/reading", letters.reading, name="reading"),
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
        "complaints/<number:number>/letters/<int:pk>/<str:form>", letters.paper, name="letter_paper"
    ),
    path("approvals", approvals.approvals, name="approvals"),
    path("approvals/<int:pk>", approvals.decision, name="approval"),
    path("complaints/<number:number>", dossier.dossier, name="dossier"),
    path("complaints/<number:number>/personal", dossier.personal, name="personal"),
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
