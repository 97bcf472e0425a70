"""Whose legal entity an organisation belongs to."""

import pytest
from django.db import models

from sujin.lab.cast import OUTLET_A
from sujin.lab.orgs import COMPANY
from sujin.platform.models import Org
from sujin.platform.organisation import BANK, legal_entity


@pytest.mark.parametrize(
    ("lineage", "companies", "entity"),
    [
        ((1,), (), BANK),
        ((1, 4, 17), (9,), BANK),
        ((1, 9), (9,), 9),
        ((1, 9, 30), (9,), 9),
        # A company of a company is a legal entity of its own.
        ((1, 9, 30, 31), (9, 30), 30),
        ((), (9,), BANK),
    ],
)
def test_the_nearest_company_above_or_else_the_bank(
    lineage: tuple[int, ...], companies: tuple[int, ...], entity: int
) -> None:
    assert legal_entity(lineage, companies) == entity


def test_the_outlet_is_the_banks_and_the_wealth_company_its_own(bank: models.Model) -> None:
    outlet, company = Org.objects.get(code=OUTLET_A), Org.objects.get(code=COMPANY)
    assert legal_entity(outlet.lineage, {company.pk}) == BANK
    assert legal_entity(company.lineage, {company.pk}) == company.pk
