"""The real product as processes that can be killed: started, watched, killed, started again.

``sujin up`` ends when one of its children dies; here stands what a service manager does then.
"""

import atexit
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg

from sujin.config.database import start_embedded
from tests.delivery.mailbox import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
TOKEN = "a-token-of-the-telephone-system"
PATIENCE = 120.0


@contextmanager
def _alone_with(plant: Sequence[str]) -> Iterator[Path]:
    """The folder in which this run plants ``plant``; no other process of the run is in it."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    garden = Path(tempfile.gettempdir()) / f"sujin-planted-{run}"
    garden.mkdir(exist_ok=True)
    atexit.register(shutil.rmtree, garden, ignore_errors=True)
    with (garden / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield garden / "-".join(plant)


class Product:
    """One installation in a folder of its own. ``settings`` is the settings module: the product's
    own, or that of ``faults`` in which something is broken on purpose."""

    def __init__(self, var: Path, *, mail_port: int, **env: str) -> None:
        self.var, self.port = var, free_port()
        self.log = var / "log"
        self.running: subprocess.Popen[bytes] | None = None
        self.second: subprocess.Popen[bytes] | None = None
        self.address = ""
        self.env = os.environ | {
            "SUJIN_VAR": str(var),
            "SUJIN_MODE": "demo",
            "SUJIN_HOTLINE_TOKEN": TOKEN,
            "SUJIN_SMTP_HOST": "127.0.0.1",
            "SUJIN_SMTP_PORT": str(mail_port),
            "SUJIN_SMTP_TLS": "no",
            "SUJIN_MAIL_FROM": "complaints@bank.example",
            "DJANGO_SETTINGS_MODULE": "tests.crash.faults.settings",
            "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
            **env,
        }

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def run(self, *command: str) -> str:
        """One command of the product, or one module of this harness, to its end."""
        return self._run(self.env, *command)

    @staticmethod
    def _run(env: Mapping[str, str], *command: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", *command], env=env, cwd=ROOT, check=False,
            capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def prepare(self, *plant: str) -> None:
        """Tables, the cast's bank, and what ``tests.crash.plant`` makes of ``plant``: a copy of
        what was planted first in this run, with nothing broken yet."""
        with _alone_with(plant) as planted:
            if not (planted / "pg").exists():
                sound = {name: said for name, said in self.env.items() if "CRASH_" not in name}
                self._run({**sound, "SUJIN_VAR": str(planted)}, "tests.crash.plant", *plant)
            self.var.mkdir(parents=True, exist_ok=True)
            subprocess.run(["cp", "-a", f"{planted}/.", str(self.var)], check=True)
        self.address = self.run("tests.crash.address", str(self.var / "pg")).splitlines()[-1]

    def connect(self) -> "psycopg.Connection[Any]":
        return psycopg.connect(self.address, autocommit=True)

    def spawn(self, *command: str) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "sujin", *command],
                env=self.env, cwd=ROOT, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def start(self) -> float:
        """Start, or start again, until it answers; the seconds that took."""
        begun = time.monotonic()
        while not self._serve(begun):
            assert time.monotonic() - begun < PATIENCE, self.log.read_text()[-3000:]
        return time.monotonic() - begun

    def _serve(self, begun: float) -> bool:
        self.running = self.spawn("up", "--port", str(self.port), "--no-demo")
        while time.monotonic() - begun < PATIENCE:
            if self.running.poll() is not None:
                return False
            with suppress(OSError):
                with urllib.request.urlopen(f"{self.url}/readyz", timeout=5) as answer:
                    if answer.status == 200:
                        return True
            time.sleep(0.1)
        return False

    def members(self) -> dict[str, list[int]]:
        """Who is who among the processes now: up, web, web worker, worker."""
        assert self.running is not None
        found: dict[str, list[int]] = {"up": [self.running.pid], "web": [], "worker": []}
        for child in children(self.running.pid):
            name = "web" if "granian" in command_of(child) else "worker"
            found[name].append(child)
        found["web worker"] = [pid for web in found["web"] for pid in children(web)]
        return found

    def postmaster(self) -> list[int]:
        with suppress(OSError, ValueError, IndexError):
            return [int((self.var / "pg" / "postmaster.pid").read_text().splitlines()[0])]
        return []

    def kill(self, target: str) -> None:
        """SIGKILL to the target; then what is left of the group goes as a service manager would
        have it, and nothing of it is alive when this returns."""
        members = self.members()
        everybody = [pid for pids in members.values() for pid in pids]
        hit = {"group": everybody, "database": self.postmaster()}.get(target) or members[target]
        for pid in hit:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        assert self.running is not None
        if target == "database":
            self.running.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.running.wait(1)
        for pid in everybody:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.running.wait(10)

    def start_second(self) -> None:
        """A worker of its own, as on another machine, unless it is there."""
        if self.second is None or self.second.poll() is not None:
            self.second = self.spawn("procrastinate", "worker", "--concurrency", "2")

    def kill_second(self) -> None:
        if self.second is not None:
            self.second.kill()
            self.second.wait(10)

    def stop(self) -> int:
        assert self.running is not None
        self.kill_second()
        self.running.terminate()
        return self.running.wait(40)

    def keep_database(self) -> None:
        """Whoever uses the embedded server keeps it running; this process does from now on."""
        self.address = start_embedded(self.var / "pg")

    def stop_database(self) -> None:
        """The embedded server goes with the last who used it; of the killed nobody told it."""
        for pid in self.postmaster():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGINT)


def children(pid: int) -> list[int]:
    with suppress(OSError):
        told = Path(f"/proc/{pid}/task/{pid}/children").read_text()
        return [int(one) for one in told.split()]
    return []


def command_of(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text()
    return ""
