"""Addresses of the room."""

from django.urls import path

from sujin.supervision.pages import (
    dispersion,
    export,
    findings,
    outreaches,
    panel,
    proposal,
    proposals,
    silent,
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
    path("outreaches", outreaches.outreaches, name="outreaches"),
    path("outreaches/topics", outreaches.outreach_topics, name="outreach_topics"),
    path("outreaches/new", outreaches.outreach_new, name="outreach_new"),
    path("outreaches/<int:pk>", outreaches.outreach, name="outreach"),
    path("outreaches/<int:pk>/<slug:verb>", outreaches.outreach_verb, name="outreach_verb"),
    path("panelists", panel.panelists, name="panelists"),
    path("panelists/<int:pk>/leaving", panel.panelist_leaving, name="panelist_leaving"),
    path("walkthroughs", panel.walkthroughs, name="walkthroughs"),
    path("walkthroughs/new", panel.walkthrough_new, name="walkthrough_new"),
    path("walkthroughs/<int:pk>", panel.walkthrough, name="walkthrough"),
    path("walkthroughs/<int:pk>/<slug:verb>", panel.walkthrough_verb, name="walkthrough_verb"),
    path("proposals", proposals.proposals, name="proposals"),
    path("proposals/new", proposals.proposal_new, name="proposal_new"),
    path("proposals/board", proposals.board, name="proposal_board"),
    path("proposals/suggestions", proposals.suggestions, name="suggestions"),
    path("proposals/<int:pk>", proposal.proposal, name="proposal"),
    path("proposals/<int:pk>/joining", proposal.proposal_join, name="proposal_join"),
    path("proposals/<int:pk>/<slug:verb>", proposal.proposal_verb, name="proposal_verb"),
]
