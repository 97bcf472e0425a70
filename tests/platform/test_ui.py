"""What the shared parts of the screens promise the people who read them."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django import forms
from django.http import HttpRequest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

import sujin
from sujin.platform.ui import time
from sujin.platform.ui.query import changed

SOURCE = Path(sujin.__file__).parent
NOON = datetime(2026, 5, 6, 4, 0, tzinfo=UTC)


def shown(source: str, **context: object) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


def asked(address: str = "/", **cookies: str) -> HttpRequest:
    request = RequestFactory().get(address)
    request.COOKIES.update(cookies)
    setattr(request, "at", NOON)  # noqa: B010 - the middleware's attribute, unknown to the class
    return request


@pytest.mark.parametrize(
    ("hours", "state", "words"),
    [
        (51, "ok", "剩 2 天 3 小时"),
        (48, "ok", "剩 2 天"),
        (23, "soon", "剩 23 小时"),
        (0.5, "soon", "剩 30 分钟"),
        (0, "soon", "剩 0 分钟"),
        (-5, "over", "超 5 小时"),
        (-25.5, "over", "超 1 天 1 小时"),
    ],
)
def test_a_handler_reads_how_long_is_left(hours: float, state: str, words: str) -> None:
    assert time.left(NOON + timedelta(hours=hours), NOON) == time.Left(state, words)


def test_an_english_reader_gets_english_plurals_from_the_catalogue() -> None:
    with translation.override("en"):
        assert "%" not in time.words(timedelta(days=2, hours=1))


def test_a_moment_is_told_in_the_banks_time_and_shows_the_year_only_when_it_differs() -> None:
    assert time.local(NOON, seen_at=NOON) == "05-06 12:00"
    new_year = datetime(2025, 12, 31, 16, 30, tzinfo=UTC)
    assert time.local(new_year, seen_at=NOON) == "01-01 00:30"
    assert time.local(new_year - timedelta(hours=1), seen_at=NOON) == "2025-12-31 23:30"
    assert time.local(NOON, seen_at=None) == "2026-05-06 12:00"


def test_the_local_tag_carries_the_machine_readable_moment() -> None:
    html = shown("{% local at %}", at=NOON, request=asked())
    assert html == '<time datetime="2026-05-06T12:00+08:00">05-06 12:00</time>'
    assert shown("{% local at %}", at=None, request=asked()) == "—"


def test_tiers_are_told_apart_by_word_and_shape_and_a_strange_code_is_escaped() -> None:
    assert shown("{% tier_badge 'urgent' %}") == '<span class="tier tier-urgent">紧急</span>'
    assert "&lt;b&gt;" in shown("{% tier_badge code %}", code="<b>")


def test_a_link_changes_one_part_of_the_question_and_forgets_the_page() -> None:
    request = asked("/?q=年费&page=4&tier=urgent")
    html = shown("{% query tier='complex' %}", request=request)
    assert html == "?q=%E5%B9%B4%E8%B4%B9&amp;tier=complex"
    assert changed(request.GET, {"page": 5}).endswith("page=5")


@pytest.mark.parametrize(
    ("cookie", "expected"), [("dark", "dark"), ("light", "light"), ('"><', "")]
)
def test_the_theme_cookie_is_believed_only_when_it_names_a_theme(
    cookie: str, expected: str
) -> None:
    assert shown("{% theme %}", request=asked(theme=cookie)) == expected


def test_large_print_asked_for_now_wins_over_the_cookie() -> None:
    assert shown("{% elder_mode %}", request=asked("/?elder=1")) == "True"
    assert shown("{% elder_mode %}", request=asked("/", elder="1")) == "True"
    assert shown("{% elder_mode %}", request=asked("/?elder=0", elder="1")) == "False"


class Story(forms.Form):
    name = forms.CharField(label="姓名", help_text="证件上的姓名")
    kind = forms.ChoiceField(
        label="类型", choices=[("c", "投诉"), ("q", "咨询")], widget=forms.RadioSelect
    )
    told = forms.BooleanField(label="已告知", required=False)


def test_label_hint_and_error_are_tied_to_the_input() -> None:
    html = shown("{% field form.name %}", form=Story({}))
    assert '<label class="form-label" for="id_name">' in html
    assert 'aria-describedby="id_name_hint id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_name_hint"' in html and 'id="id_name_error"' in html


def test_a_field_without_fault_or_hint_is_described_by_nothing() -> None:
    html = shown("{% field form.told %}", form=Story())
    assert "aria-describedby" not in html
    assert "aria-invalid" not in html


def test_a_group_of_choices_is_a_fieldset_with_a_legend_and_a_label_each() -> None:
    html = shown("{% field form.kind %}", form=Story())
    assert "<fieldset" in html and "<legend" in html
    assert 'for="id_kind_0"' in html and 'for="id_kind_1"' in html


def test_the_error_summary_links_every_fault_to_its_input() -> None:
    html = shown("{% form_errors form %}", form=Story({}))
    assert re.findall(r'href="#(\w+)"', html) == ["id_name", "id_kind"]
    assert shown("{% form_errors form %}", form=Story()).strip() == ""


def test_the_frame_shows_nobodys_name_to_a_visitor() -> None:
    top = "{% include 'platform/partials/top.html' %}"
    html = shown(top, request=asked(), person=None)
    assert "me-open" not in html
    assert 'role="search"' not in html


def test_every_icon_a_template_names_is_in_the_sprite() -> None:
    sprite = (SOURCE / "platform/static/icons.svg").read_text()
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', sprite))
    named = {
        name
        for template in SOURCE.rglob("*.html")
        for name in re.findall(r'{% icon "([\w-]+)"', template.read_text())
    }
    assert named - drawn == set()
    assert "no-such-icon" not in drawn
