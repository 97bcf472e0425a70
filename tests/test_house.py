"""The house rules run: floors, purity, cards, one entry per act, everything documented."""

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sujin.complaints.pages.actions import ACTIONS
from sujin.config.navigation import NAVIGATION
from sujin.platform.journal import known_kinds

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "sujin"
ENGINE = SOURCE / "engine"
FUNCTION_MAX = 25
FILE_MAX = 300
# Names whose use in the engine would read a clock, draw unseeded chance, or touch the outside.
IMPURE_CALLS = {
    ("datetime", "now"), ("datetime", "today"), ("datetime", "utcnow"), ("date", "today"),
    ("time", "time"), ("time", "monotonic"), ("time", "perf_counter"), ("os", "urandom"),
    ("random", "random"), ("random", "choice"), ("random", "shuffle"), ("random", "randint"),
    ("np", "random"), ("numpy", "random"), ("secrets", "token_hex"), ("uuid", "uuid4"),
}  # fmt: skip
IMPURE_NAMES = {"open", "input", "print", "exec", "eval"}


def python_files(folder: Path) -> Iterator[Path]:
    yield from (path for path in sorted(folder.rglob("*.py")) if "migrations" not in path.parts)


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def card_length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of the body without its docstring; the signature is what it is."""
    body = node.body[1:] if ast.get_docstring(node) and len(node.body) > 1 else node.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1


def impurities(code: str) -> list[str]:
    """What in ``code`` reads a clock, draws chance or touches the outside."""
    found = []
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if (node.value.id, node.attr) in IMPURE_CALLS and not _is_seeded(node, code):
                found.append(f"line {node.lineno}: {node.value.id}.{node.attr}")
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id in IMPURE_NAMES:
                found.append(f"line {node.lineno}: {node.func.id}()")
    return found


def _is_seeded(node: ast.Attribute, code: str) -> bool:
    """``np.random.Generator`` and ``np.random.default_rng(seed)`` are how seeded chance looks."""
    line = code.splitlines()[node.lineno - 1]
    return "np.random.Generator" in line or "default_rng(seed" in line or "PCG64(" in line


def test_every_function_fits_on_a_card() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name} has {card_length(node)} lines"
        for path in python_files(SOURCE)
        for node in functions(ast.parse(path.read_text()))
        if card_length(node) > FUNCTION_MAX
    ]
    assert not long, "\n".join(long)


def test_every_file_is_under_three_hundred_lines() -> None:
    long = [
        f"{path.relative_to(ROOT)}: {count}"
        for path in python_files(SOURCE)
        if (count := path.read_text().count("\n")) > FILE_MAX
    ]
    assert not long, "\n".join(long)


def test_the_engine_reads_no_clock_and_touches_nothing() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {problem}"
        for path in python_files(ENGINE)
        for problem in impurities(path.read_text())
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "planted",
    [
        "from datetime import datetime\nnow = datetime.now()\n",
        "import time\nstart = time.time()\n",
        "rows = open('tiers.csv').read()\n",
        "import numpy as np\nx = np.random.rand()\n",
    ],
)
def test_a_planted_impurity_is_seen(planted: str) -> None:
    assert impurities(planted)


def lint_imports(source: Path) -> subprocess.CompletedProcess[str]:
    """import-linter over a copy of the tree."""
    return subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=source,
        env={"PYTHONPATH": str(source / "src"), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sources and the contracts, to plant faults in."""
    folder = tmp_path_factory.mktemp("house")
    shutil.copytree(
        ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("static", "__pycache__")
    )
    shutil.copy(ROOT / ".importlinter", folder)
    return folder


def test_the_floors_hold(copy: Path) -> None:
    result = lint_imports(copy)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("complaints/acts/triage.py", "import sujin.governance.models\n"),
        ("complaints/acts/claim.py", "from sujin.supervision import __doc__ as up\n"),
        ("platform/crypto.py", "import sujin.complaints.sight\n"),
        ("engine/tier.py", "import django.db\n"),
        ("engine/route.py", "import socket\n"),
        ("channels/channel.py", "import sujin.lab.cast\n"),
        ("complaints/models/contact.py", "import sujin.complaints.acts.claim\n"),
    ],
)
def test_a_planted_upward_import_turns_the_floors_red(copy: Path, file: str, line: str) -> None:
    path = copy / "src" / "sujin" / file
    before = path.read_text()
    path.write_text(before + "\n" + line)
    try:
        assert lint_imports(copy).returncode != 0
    finally:
        path.write_text(before)


def test_a_room_nobody_placed_turns_the_floors_red(copy: Path) -> None:
    room = copy / "src" / "sujin" / "attic"
    room.mkdir()
    (room / "__init__.py").write_text('"""A room on no floor."""\n')
    try:
        assert lint_imports(copy).returncode != 0
    finally:
        shutil.rmtree(room)


def acts() -> Iterator[tuple[Path, ast.FunctionDef]]:
    """Public functions of the rooms' acts that take an actor: the verbs."""
    for path in sorted(SOURCE.glob("*/acts/*.py")):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                names = {arg.arg for arg in node.args.kwonlyargs}
                if {"by", "at"} <= names:
                    yield path, node


def test_every_verb_takes_who_and_when_as_keywords() -> None:
    assert len(list(acts())) > 15


def test_no_verb_reads_the_clock_or_a_global_actor() -> None:
    found = [
        f"{path.name}: {problem}"
        for path in SOURCE.glob("*/acts/*.py")
        for problem in impurities(path.read_text())
        if "open()" not in problem
    ]
    assert not found, found
    assert not [path for path in SOURCE.glob("*/acts/*.py") if "timezone.now(" in path.read_text()]


def test_every_setting_is_documented() -> None:
    text = "".join(path.read_text() for path in (SOURCE / "config").rglob("*.py"))
    names = {
        node.value.rstrip("=")
        for node in ast.walk(
            ast.parse(
                "\n".join(
                    [
                        p.read_text()
                        for p in [
                            SOURCE / "config/settings.py",
                            SOURCE / "config/env.py",
                            SOURCE / "config/wires.py",
                        ]
                    ]
                )
            )
        )
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value.isupper()
        and node.value.startswith(("SUJIN_", "DATABASE_URL"))
    }
    documented = (ROOT / "docs" / "operate" / "settings.md").read_text()
    assert text
    assert len(names) > 8
    assert not [name for name in sorted(names) if name not in documented]


def test_nothing_speaks_of_how_it_was_made() -> None:
    """Paths of one machine, and marks of unfinished work, do not belong in the repository."""
    words = ["/" + "work/", "." + "./shared", "TO" + "DO", "FIX" + "ME"]
    found = [
        f"{path.relative_to(ROOT)}: {word}"
        for path in _tracked()
        for word in words
        if word in path.read_text(errors="ignore")
    ]
    assert not found, found


def _tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    skip = (".lock", "package-lock.json", ".svg", ".po")
    return [ROOT / name for name in listed if not name.endswith(skip) and (ROOT / name).is_file()]


ICONS = SOURCE / "platform" / "static" / "icons.svg"
ICON_TAG = re.compile(r"{%\s*icon\s+[\"']([^\"']+)")


def lost_icons(names: set[str]) -> set[str]:
    """The names that icons.svg does not draw: an empty space on the screen, and no error."""
    drawn = set(re.findall(r'<symbol id="([^"]+)"', ICONS.read_text()))
    return names - drawn


def test_every_icon_a_kind_an_action_or_the_navigation_names_is_drawn() -> None:
    kinds = {kind.icon for kind in known_kinds().values()}
    actions = {action.icon for action in ACTIONS}
    entrances = {entrance.icon for entrance in NAVIGATION}
    assert len(kinds) > 20
    assert not lost_icons(kinds | actions | entrances)


def test_every_icon_a_template_names_is_drawn() -> None:
    pages = [path.read_text() for path in SOURCE.rglob("templates/**/*.html")]
    names = {name for page in pages for name in ICON_TAG.findall(page)}
    assert len(names) > 20
    assert not lost_icons(names)


def test_a_misspelt_icon_is_seen() -> None:
    assert lost_icons(set(ICON_TAG.findall('{% icon "bell" %}{% icon "bel" %}'))) == {"bel"}
