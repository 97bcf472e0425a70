"""`sujin up`: database, migrations, web and worker together; stopped together."""

import argparse
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from types import FrameType

from django.conf import settings
from django.core import checks
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from sujin.complaints.models import Complaint
from sujin.complaints.rulebook import rulebook
from sujin.config.env import Mode

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
PATIENCE = 15.0


class Command(BaseCommand):
    help = "Start the database, bring it up to date, and serve: web and worker together."
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=1, help="web processes")
        parser.add_argument("--no-demo", action="store_true", help="do not load the demo bank")

    def handle(self, *args: object, **options: object) -> None:
        host, port = str(options["host"]), int(str(options["port"]))
        _refuse_unsafe(host)
        call_command("migrate", interactive=False, verbosity=0)
        _refuse_broken()
        if settings.MODE is Mode.PRODUCTION:
            call_command("collectstatic", interactive=False, verbosity=0)
        if settings.DEMO and not options["no_demo"] and not Complaint.objects.exists():
            call_command("demo")
        crew = Crew(_web(host, port, int(str(options["workers"]))), _worker())
        self.stdout.write(f"诉金 Sujin: http://{host}:{port}/  (Ctrl+C 停止 / stops)")
        sys.exit(crew.sail())


def _refuse_unsafe(host: str) -> None:
    """Without a password-guarded production set-up nothing is served beyond this machine."""
    if settings.MODE is not Mode.PRODUCTION and host not in LOOPBACK:
        raise CommandError(
            f"--host {host}: SUJIN_MODE={settings.MODE} serves this machine only. "
            "Set SUJIN_MODE=production and see docs/operate/settings.md."
        )
    failed = [
        found
        for found in checks.run_checks(include_deployment_checks=True)
        if found.level >= checks.CRITICAL
    ]
    _stop_for(failed)


def _refuse_broken() -> None:
    """The pack's tables and the database's durability are checked before anybody is served."""
    rulebook()
    found = checks.run_checks(databases=["default"], tags=[checks.Tags.database])
    _stop_for([problem for problem in found if problem.level >= checks.CRITICAL])


def _stop_for(problems: list[checks.CheckMessage]) -> None:
    if problems:
        lines = "\n".join(f"  {problem.msg}; {problem.hint}" for problem in problems)
        raise CommandError(f"refusing to start:\n{lines}")


def _web(host: str, port: int, workers: int) -> list[str]:
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "sujin.config.wsgi:application",
        "--host", host, "--port", str(port), "--workers", str(workers),
        "--blocking-threads", "4", "--no-ws", "--log-level", "warning",
    ]  # fmt: skip


def _worker() -> list[str]:
    return [sys.executable, "-m", "sujin", "procrastinate", "worker", "--concurrency", "2"]


class Crew:
    """Child processes that live and die together."""

    def __init__(self, *commands: list[str]) -> None:
        self._commands = commands
        self._children: list[subprocess.Popen[bytes]] = []
        self._stopping = False

    def sail(self) -> int:
        """Run until a signal or until one child ends; the exit code says which."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        env = os.environ | {"DATABASE_URL": settings.DATABASE_ADDRESS}
        self._children = [
            subprocess.Popen(command, env=env, start_new_session=True)  # noqa: S603
            for command in self._commands
        ]
        while not self._stopping and all(child.poll() is None for child in self._children):
            time.sleep(0.2)
        crashed = not self._stopping
        self._end()
        return 1 if crashed else 0

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self._stopping = True

    def _end(self) -> None:
        """Ask until heard: the web server does not listen for a signal in its first second."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self._alive():
            for child in self._alive():
                child.send_signal(signal.SIGTERM)
            time.sleep(0.5)
        # Whoever is left of a group, also of one whose leader was killed: a web process without its
        # master would keep the port.
        for child in self._children:
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)

    def _alive(self) -> list[subprocess.Popen[bytes]]:
        return [child for child in self._children if child.poll() is None]
