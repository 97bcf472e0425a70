"""Addresses of the room."""

from django.urls import path

from sujin.knowledge.pages import (
    conversations,
    directory,
    distributions,
    gaps,
    handing,
    issue,
    issues,
    item,
    library,
    readings,
    restrictions,
    revisions,
    rewards,
    scams,
    search,
    standing,
    version,
)

app_name = "knowledge"

urlpatterns = [
    path("knowledge", library.library, name="library"),
    path("knowledge/standing", standing.standing, name="standing"),
    path("knowledge/care", library.care, name="care"),
    path("knowledge/versions/<int:pk>", version.found, name="found"),
    path("knowledge/items/new/<str:form>", item.new, name="new"),
    path("knowledge/items/<slug:code>", item.item, name="item"),
    path("knowledge/items/<slug:code>/versions", item.next_version, name="versions"),
    path("knowledge/items/<slug:code>/versions/<int:number>", version.version, name="version"),
    path(
        "knowledge/items/<slug:code>/versions/<int:number>/<slug:verb>",
        version.perform,
        name="perform",
    ),
    path("knowledge/search", search.search, name="search"),
    path("knowledge/search/<int:pk>", search.found_for, name="found_for"),
    path("knowledge/search/<int:pk>/<int:version>", search.chosen, name="chosen"),
    path("knowledge/restrictions", restrictions.restrictions, name="restrictions"),
    path("knowledge/restrictions/<int:pk>", restrictions.restrictions_for, name="restrictions_for"),
    path("knowledge/restrictions/<slug:code>/note", restrictions.paper, name="restriction_note"),
    path("knowledge/scams", scams.scams, name="scams"),
    path("knowledge/rewards", rewards.rewards, name="rewards"),
    path("knowledge/rewards/<int:pk>/decision", rewards.decision, name="reward_decision"),
    path("knowledge/directory", directory.directory, name="directory"),
    path(
        "knowledge/directory/<slug:code>/verification",
        directory.verification,
        name="verification",
    ),
    path("knowledge/gaps", gaps.gap_list, name="gaps"),
    path("knowledge/assistant", conversations.figures, name="conversations"),
    path("knowledge/issues", issues.issues, name="issues"),
    path("knowledge/issues/new", issues.begin, name="issue_new"),
    path("knowledge/issues/<int:pk>", issue.issue, name="issue"),
    path("knowledge/issues/<int:pk>/proof", issue.proof, name="issue_proof"),
    path("knowledge/issues/<int:pk>/lines", issue.lines, name="issue_lines"),
    path("knowledge/issues/<int:pk>/arrangement", issue.arrangement, name="issue_arrangement"),
    path("knowledge/issues/<int:pk>/paper/<str:form>", issue.paper, name="issue_paper"),
    path("knowledge/issues/<int:pk>/<slug:verb>", issue.perform, name="issue_verb"),
    path("knowledge/readings", readings.readings, name="readings"),
    path("knowledge/readings/<int:pk>", readings.reading, name="reading"),
    path("knowledge/readings/<int:pk>/quiz", readings.quiz, name="reading_quiz"),
    path("knowledge/readings/<int:pk>/measure", readings.measure, name="reading_measure"),
    path(
        "knowledge/readings/<int:pk>/understanding",
        readings.understanding,
        name="reading_understood",
    ),
    path("knowledge/distributions", distributions.distributions, name="distributions"),
    path("knowledge/distributions/<int:pk>", distributions.distribution, name="distribution"),
    path(
        "knowledge/distributions/<int:pk>/people", distributions.people, name="distribution_people"
    ),
    path(
        "knowledge/distributions/<int:pk>/urging", distributions.urging, name="distribution_urging"
    ),
    path(
        "knowledge/distributions/<int:pk>/export", distributions.export, name="distribution_export"
    ),
    path("knowledge/versions/<int:pk>/feedback", revisions.feedback, name="feedback"),
    path("knowledge/versions/<int:pk>/distribution", handing.hand_out, name="version_distribution"),
    path("knowledge/revisions", revisions.revisions, name="revisions"),
    path("knowledge/revisions/<int:pk>", revisions.revision, name="revision"),
    path("knowledge/revisions/<int:pk>/<slug:verb>", revisions.answer, name="revision_answer"),
]
