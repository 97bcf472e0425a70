"""Sealing of personal data: AES-256-GCM with versioned keys, and HMAC-SHA-256 blind indexes.

A sealed value is ``version byte | 12-byte nonce | ciphertext and tag``; the context (what the value
is, for example ``party.phone``) is authenticated, so a value cannot be moved to another column.
A blind index is the first 16 bytes of an HMAC over the normalised value: equal values have equal
indexes, nothing else can be read from it without the key.
Source: NIST SP 800-38D (GCM), RFC 2104 (HMAC), RFC 5869 (HKDF).
"""

import hmac
import os
from functools import cache
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

NONCE = 12


class CannotUnseal(Exception):
    """The value was sealed with a key we do not have, or it has been altered."""


def seal(value: str, *, context: str) -> bytes:
    """Encrypt ``value`` under the newest key."""
    version = len(_keys())
    nonce = os.urandom(NONCE)
    cipher = _cipher(version).encrypt(nonce, value.encode(), context.encode())
    return bytes([version]) + nonce + cipher


def unseal(sealed: bytes, *, context: str) -> str:
    """The clear value; raises CannotUnseal for a wrong key, context or altered bytes."""
    version, nonce, cipher = sealed[0], sealed[1 : 1 + NONCE], sealed[1 + NONCE :]
    if not 1 <= version <= len(_keys()):
        raise CannotUnseal(f"key version {version} is not loaded; set SUJIN_FIELD_KEY_OLD")
    try:
        return _cipher(version).decrypt(nonce, cipher, context.encode()).decode()
    except InvalidTag:
        raise CannotUnseal(f"{context}: the value does not match its seal") from None


def blind(value: str, *, context: str) -> str:
    """A 32-digit hexadecimal index of ``value``; empty for an empty value."""
    if not value:
        return ""
    return hmac.new(_index_key(), f"{context}\0{value}".encode(), sha256).hexdigest()[:32]


def forget_keys() -> None:
    """Read the keys again; for tests that rotate them."""
    for cached in (_keys, _index_key, _cipher):
        cached.cache_clear()


@cache
def _keys() -> tuple[str, ...]:
    """Oldest first; the last one seals."""
    return (*settings.FIELD_KEY_OLD, settings.FIELD_KEY)


@cache
def _cipher(version: int) -> AESGCM:
    return AESGCM(_derive(_keys()[version - 1], b"sujin field"))


@cache
def _index_key() -> bytes:
    # Indexes keep the oldest key for good: a rotated one would make every stored index unfindable.
    return _derive(_keys()[0], b"sujin blind index")


def _derive(secret: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret.encode())
