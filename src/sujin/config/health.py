"""For the machine that watches: are we alive, and may we be sent work?"""

from django.contrib.auth.decorators import login_not_required
from django.core.cache import caches
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from sujin.complaints.rulebook import rulebook


@login_not_required
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """The database answers, its migrations are in, and the pack's tables are sound."""
    checks = {"database": _database(), "migrations": _migrations(), "pack": bool(rulebook().tiers)}
    return JsonResponse(checks, status=200 if all(checks.values()) else 503)


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
