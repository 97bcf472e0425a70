"""Addresses of the room."""

from django.urls import path

from sujin.knowledge.pages import item, library, standing, version

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
]
