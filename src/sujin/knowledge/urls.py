"""Addresses of the room."""

from django.urls import path

from sujin.knowledge.pages import (
    conversations,
    directory,
    gaps,
    item,
    library,
    restrictions,
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
    path("knowledge/search/<int:pk>/<int:version>", search.chosen, name="chosen"),
    path("knowledge/restrictions", restrictions.restrictions, name="restrictions"),
    path("knowledge/restrictions/<slug:code>/note", restrictions.note, name="restriction_note"),
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
]
