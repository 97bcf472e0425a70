"""Personal data at rest: sealed, bound to its place, found by index, readable after rotation."""

from collections.abc import Iterator

import pytest
from django.conf import LazySettings

from sujin.platform import crypto
from sujin.platform.masking import masked


@pytest.fixture(autouse=True)
def fresh_keys() -> Iterator[None]:
    crypto.forget_keys()
    yield
    crypto.forget_keys()


def test_a_sealed_value_opens_only_in_its_own_place() -> None:
    sealed = crypto.seal("13812345678", context="party.phone")
    assert b"13812345678" not in sealed
    assert crypto.unseal(sealed, context="party.phone") == "13812345678"
    with pytest.raises(crypto.CannotUnseal):
        crypto.unseal(sealed, context="party.card")


def test_one_altered_byte_is_seen() -> None:
    sealed = bytearray(crypto.seal("张伟", context="party.name"))
    sealed[-1] ^= 1
    with pytest.raises(crypto.CannotUnseal):
        crypto.unseal(bytes(sealed), context="party.name")


def test_old_values_open_and_indexes_stay_after_the_key_was_changed(settings: LazySettings) -> None:
    sealed = crypto.seal("张伟", context="party.name")
    index = crypto.blind("张伟", context="party.name")
    settings.FIELD_KEY_OLD, settings.FIELD_KEY = [settings.FIELD_KEY], "a new key"
    crypto.forget_keys()
    assert crypto.unseal(sealed, context="party.name") == "张伟"
    assert crypto.blind("张伟", context="party.name") == index
    assert crypto.seal("张伟", context="party.name")[0] == 2


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        ("phone", "13812345678", "138****5678"),
        ("card", "6222020200112345678", "622202*********5678"),
        ("id_number", "11010119900307663X", "1****************X"),
        ("name", "欧阳修文", "欧**"),
        ("name", "张伟", "张*"),
        ("email", "zhang@example.com", "z***@example.com"),
        ("something new", "secret", "******"),
    ],
)
def test_the_middle_is_hidden(field: str, value: str, shown: str) -> None:
    assert masked(field, value) == shown
