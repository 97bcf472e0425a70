"""The real product in a real browser: `sujin up` on a fresh folder, Debian's Chromium."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Playwright,
    ViewportSize,
    sync_playwright,
)

ROOT = Path(__file__).resolve().parent.parent.parent
CHROMIUM = "/usr/bin/chromium"
ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run",
]  # fmt: skip
PLANT = (
    "from django.utils import timezone;"
    "from sujin.lab.cast import CORE_PLAN;"
    "from sujin.platform.acts.organise import organise, system_person;"
    "from sujin.lab.library import stock;"
    "organise(CORE_PLAN, by=system_person(), at=timezone.now());"
    "stock(now=timezone.now())"
)


@dataclass(frozen=True)
class Product:
    """A running product: its address, and how to run something beside it."""

    address: str
    env: dict[str, str]

    def run(self, code: str) -> None:
        """A few lines of Python in the product's own environment, from the repository's root."""
        command = [sys.executable, "-c", f"import django; django.setup()\n{code}"]
        subprocess.run(command, env=self.env, cwd=ROOT, check=True)


@pytest.fixture(scope="session")
def server(product: Product) -> str:
    return product.address


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The product with the cast's small bank."""
    with running(tmp_path_factory.mktemp("var")) as made:
        yield made


@contextmanager
def running(var: Path) -> Iterator[Product]:
    """A product of its own in this folder, until the block ends."""
    env = os.environ | {
        "SUJIN_VAR": str(var),
        "SUJIN_MODE": "demo",
        "DJANGO_SETTINGS_MODULE": "sujin.config.settings",
    }
    port = _free_port()
    command = [sys.executable, "-m", "sujin", "up", "--port", str(port), "--no-demo"]
    address = f"http://127.0.0.1:{port}"
    with (var / "log").open("wb") as log:
        serving = subprocess.Popen(command, env=env, stdout=log, stderr=log)
        try:
            _wait(f"{address}/readyz", serving, var / "log")
            made = Product(address, env)
            made.run(PLANT)
            yield made
        finally:
            serving.terminate()
            serving.wait(30)
    assert serving.returncode == 0, "sujin up did not stop cleanly"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(url: str, product: subprocess.Popen[bytes], log: Path) -> None:
    for _second in range(300):
        if product.poll() is not None:
            raise AssertionError(log.read_text())
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(1)
    raise AssertionError(log.read_text())


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
    yield chromium
    chromium.close()


@pytest.fixture
def desk(browser: Browser, server: str) -> Iterator[Page]:
    """A desk's screen, 1280 wide. An error in the browser's console fails the test."""
    size: ViewportSize = {"width": 1280, "height": 900}
    yield from _page(browser.new_context(base_url=server, viewport=size, locale="zh-CN"))


@pytest.fixture
def phone(browser: Browser, server: str) -> Iterator[Page]:
    """A customer's telephone, 360 wide."""
    size: ViewportSize = {"width": 360, "height": 780}
    yield from _page(
        browser.new_context(
            base_url=server, viewport=size, locale="zh-CN", has_touch=True, is_mobile=True
        )
    )


def _page(context: BrowserContext) -> Iterator[Page]:
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    yield page
    context.close()
    # A form sent back with its errors answers 422, which the browser reports as a failed load.
    assert not [error for error in errors if "422" not in error], errors
