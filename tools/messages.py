"""Keep the English catalogue in step with the screens.

    python tools/messages.py            collect every message, keep what is translated
    python tools/messages.py --check    exit 1 and list what has no English, or a broken one
    python tools/messages.py --compile  write the .mo that Django reads

Messages are the Chinese sentences themselves; only literals are found, as with xgettext.
"""

import argparse
import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "sujin"
PO = SOURCE / "platform" / "locale" / "en" / "LC_MESSAGES" / "django.po"
HEADER = """\
msgid ""
msgstr ""
"Language: en\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""
# Which arguments of each function are messages, and whether a context stands before them.
FUNCTIONS = {"gettext": (1, False), "ngettext": (2, False), "pgettext": (1, True)}
LITERAL = r"""u?("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
CALL = re.compile(rf"\b(?:(n|p|)gettext|_)\({LITERAL}(?:, ?{LITERAL})?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Found:
    """One message of the source; ``plural`` and ``context`` are empty where there is none."""

    path: str
    text: str
    plural: str = ""
    context: str = ""

    @property
    def id(self) -> str | tuple[str, str]:
        return (self.text, self.plural) if self.plural else self.text


def main() -> None:
    """Do what the command line asks; exits 1 when a check finds something."""
    asked = _arguments()
    if asked.compile:
        _compile()
    elif asked.check:
        _check()
    else:
        _write(_updated(prune=asked.prune))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--check", action="store_true", help="list what has no English")
    parser.add_argument("--compile", action="store_true", help="write the .mo")
    parser.add_argument("--prune", action="store_true", help="forget messages no longer used")
    return parser.parse_args()


def _compile() -> None:
    with PO.with_suffix(".mo").open("wb") as out:
        write_mo(out, _read())


def _check() -> None:
    """Compare the sources with the catalogue as it is on disk."""
    known, wanted = _read(), _collected()
    faults = [f"no English: {_name(m)}" for m in wanted if m.id and not _is_done(known, m)]
    faults += [f"{error}: {_name(m)}" for m in known if m.id for error in m.check(known)]
    if faults:
        sys.exit("\n".join(faults) + f"\n{len(faults)} to mend in {PO.relative_to(ROOT)}")


def _is_done(known: Catalog, message: Message) -> bool:
    said = known.get(message.id, message.context)
    if said is None or said.fuzzy or isinstance(said.id, str) != isinstance(message.id, str):
        return False
    return all(said.string) if isinstance(said.string, list | tuple) else bool(said.string)


def _name(message: Message) -> str:
    text = message.id if isinstance(message.id, str) else message.id[0]
    return f"{text}  ({', '.join(path for path, _line in message.locations)})"


def _updated(*, prune: bool) -> Catalog:
    """The catalogue with every message of the sources; unused ones kept apart unless pruned."""
    catalog = _read()
    catalog.update(_collected(), no_fuzzy_matching=True)
    if prune:
        catalog.obsolete.clear()
    return catalog


def _read() -> Catalog:
    if not PO.exists():
        return Catalog(locale="en")
    with PO.open("rb") as source:
        return read_po(source, locale="en")


def _write(catalog: Catalog) -> None:
    """Sorted, without dates and line numbers, so that a change shows only what changed."""
    PO.parent.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as out:
        out.write(HEADER.encode())
        write_po(out, catalog, width=100, sort_output=True, omit_header=True, include_lineno=False)


def _collected() -> Catalog:
    """Every message of the sources, with the files it stands in."""
    catalog = Catalog(locale="en")
    for found in (*_in_python(), *_in_templates()):
        catalog.add(found.id, locations=[(found.path, 1)], context=found.context or None)
    return catalog


def _in_python() -> Iterator[Found]:
    for path in sorted(SOURCE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
        names = dict(_imported(tree))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                yield from _called(names.get(node.func.id, ""), node, _short(path))


def _imported(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """The local name of every translating function, and the function without ``_lazy``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            for alias in node.names:
                name = alias.name.removesuffix("_lazy").removesuffix("_noop")
                yield alias.asname or alias.name, name


def _called(function: str, node: ast.Call, path: str) -> Iterator[Found]:
    if function not in FUNCTIONS:
        return
    wanted, has_context = FUNCTIONS[function]
    constants = [a.value for a in node.args if isinstance(a, ast.Constant)]
    words = [value for value in constants if isinstance(value, str)]
    if len(words) < wanted + has_context:
        return
    context = words.pop(0) if has_context else ""
    yield Found(path, words[0], words[1] if wanted > 1 else "", context)


def _in_templates() -> Iterator[Found]:
    # templatize() asks the settings for nothing else than whether to translate at all.
    if not settings.configured:
        settings.configure(USE_I18N=True)
    for path in sorted(SOURCE.rglob("templates/**/*.html")):
        calls = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        for kind, first, second in CALL.findall(calls):
            one, two = ast.literal_eval(first), ast.literal_eval(second or "''")
            if kind == "p":
                yield Found(_short(path), two, context=one)
            else:
                yield Found(_short(path), one, plural=two if kind == "n" else "")


def _short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


if __name__ == "__main__":
    main()
