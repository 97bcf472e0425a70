"""Beside the letter: how plainly it speaks, what may be granted, what was decided before."""

from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace

from django.test import Client
from django.urls import reverse

from sujin.complaints.acts.reply import draft
from sujin.complaints.models import Letter
from sujin.complaints.plainness import plainness
from sujin.lab.cast import BRANCH2_B
from sujin.platform.models import Org, Person
from tests.complaints.conftest import FEE, Told

HEAVY = "## 处理决定\n\n鉴于该笔年费系因我行系统原因计收，据此我行予以退还，特此函复。"


def test_a_writer_sees_while_typing_which_sentence_is_hard_and_what_to_write_instead(
    cast: SimpleNamespace, told: Told, noon: datetime, signed_in: Callable[[Person], Client]
) -> None:
    case = told(FEE)
    letter = draft(case, kind="decision", by=cast.wang_xiuying, at=noon)
    url = reverse("complaints:reading", args=[case.number, letter.pk])
    client = signed_in(cast.wang_xiuying)
    heavy = client.post(url, {"body": HEAVY}).content.decode()
    assert "难懂" in heavy and "“该笔”改成“这笔”" in heavy
    assert "没有“您”" in client.post(url, {"body": "三天内退款。"}).content.decode()
    light = client.post(url, {"body": "您的年费三天内退给您。"}).content.decode()
    assert "难懂" not in light and "没有要改的句子" in light


def test_a_foreign_letter_is_measured_by_flesch(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    Org.objects.filter(code=BRANCH2_B).update(jurisdiction="GB")
    case = told(FEE, origin=BRANCH2_B, by=cast.ma_jun)
    letter = draft(case, kind="decision", by=cast.ma_jun, at=noon)
    assert "Flesch" in plainness(letter).measured
    assert plainness(Letter(regime="cn_nfra_2020_3", body="您好。")).measured == ""
