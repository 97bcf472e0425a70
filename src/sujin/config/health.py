"""For the machine that watches: are we alive, and may we be sent work?"""

from django.contrib.auth.decorators import login_not_required
from django.core.cache import caches
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from sujin.complaints.rulebook import rulebook
from sujin.complaints.soundness import unusable


@login_not_required
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """The database answers, its migrations are in, and the pack's tables are sound. ``models``
    names those that cannot be used; cases are taken in without them, so work may be sent."""
    checks = {"database": _database(), "migrations": _migrations(), "pack": _pack()}
    is_ready = all(checks.values())
    told = {**checks, "models": sorted(unusable())} if is_ready else checks
    return JsonResponse(told, status=200 if is_ready else 503)


def _pack() -> bool:
    try:
        return bool(rulebook().tiers)
    except Error:
        return False


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return False
    return True


def _migrations() -> bool:
    """Asked of the database until it is true once; applied migrations do not go away."""
    memory = caches["default"]
    if memory.get("migrated"):
        return True
    try:
        executor = MigrationExecutor(connection)
    except Error:
        return False
    done = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    memory.set("migrated", done, 3600)
    return done
