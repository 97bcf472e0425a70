"""The English catalogue: nothing on the screens goes without a translation unnoticed."""

from pathlib import Path

import pytest

from tools import messages

PAGE = """{% load i18n %}{% translate "受理" %}{{ name|default:_("无名") }}
{% blocktranslate count n=n %}{{ n }} 件{% plural %}{{ n }} 件{% endblocktranslate %}"""
CODE = """from django.utils.translation import gettext_lazy as _, ngettext as n, pgettext
A = _("办结" "时间")
B = n("%(c)d 天", "%(c)d 天", 2)
C = pgettext("动作", "关")
D = print("不翻译")
"""


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small source tree with its own catalogue."""
    source = tmp_path / "src"
    (source / "room" / "templates").mkdir(parents=True)
    (source / "room" / "templates" / "page.html").write_text(PAGE, encoding="utf-8")
    (source / "room" / "code.py").write_text(CODE, encoding="utf-8")
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    monkeypatch.setattr(messages, "SOURCE", source)
    monkeypatch.setattr(messages, "PO", tmp_path / "locale" / "django.po")
    return tmp_path


def run(monkeypatch: pytest.MonkeyPatch, *options: str) -> None:
    monkeypatch.setattr("sys.argv", ["messages.py", *options])
    messages.main()


def test_every_literal_of_page_and_code_is_collected(house: Path) -> None:
    wanted = {(m.id, m.context) for m in messages._collected() if m.id}
    assert wanted == {
        ("受理", None),
        ("无名", None),
        (("%(n)s 件", "%(n)s 件"), None),
        ("办结时间", None),
        (("%(c)d 天", "%(c)d 天"), None),
        ("关", "动作"),
    }


def test_a_message_without_english_is_named_with_its_file(
    house: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(monkeypatch)
    with pytest.raises(SystemExit) as refused:
        run(monkeypatch, "--check")
    assert "no English: 受理  (src/room/templates/page.html)" in str(refused.value)
    assert "6 to mend" in str(refused.value)


def test_a_translation_survives_collecting_and_a_broken_placeholder_is_named(
    house: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(monkeypatch)
    catalog = messages._read()
    for message in catalog:
        if message.id:
            plural = isinstance(message.id, tuple)
            message.string = ("%(x)s case", "%(x)s cases") if plural else "English"
    messages._write(catalog)
    run(monkeypatch)
    assert messages._read().get("受理").string == "English"  # type: ignore[union-attr]
    with pytest.raises(SystemExit) as refused:
        run(monkeypatch, "--check")
    assert "no English" not in str(refused.value)
    assert "unknown named placeholder 'x'" in str(refused.value)


def test_what_left_the_screens_is_kept_aside_until_pruned(
    house: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(monkeypatch)
    (house / "src" / "room" / "code.py").write_text("", encoding="utf-8")
    run(monkeypatch)
    assert "#~" in messages.PO.read_text(encoding="utf-8")
    run(monkeypatch, "--prune")
    assert "#~" not in messages.PO.read_text(encoding="utf-8")
