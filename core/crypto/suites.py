"""The two crypto suites behind one interface (trust.md C2).

`intl`: AES-256-GCM, HMAC-SHA-256, SHA-256.  `gm`: SM4-GCM, HMAC-SM3, SM3 (GB/T 32907, GB/T 32905).
A suite name means one fixed composition for ever, because stored values carry it; a host whose OpenSSL lacks SM3 or
SM4-GCM gets `SuiteUnavailable`, never another cipher under the same name.
"""

from __future__ import annotations

import os
from functools import cache
from typing import Protocol

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

try:  # Newer releases of `cryptography` move the rarer ciphers; the probe below says what is really usable.
    from cryptography.hazmat.primitives.ciphers.algorithms import SM4
except ImportError:
    SM4 = None

from .errors import CannotDecrypt, SuiteUnavailable

NONCE_BYTES = 12
TAG_BYTES = 16


class Box(Protocol):
    """A sealer bound to one key: made once per key, used for every value (100,000 opens must be cheap)."""

    def seal(self, plaintext: bytes, aad: bytes) -> bytes: ...

    def open(self, sealed: bytes, aad: bytes) -> bytes: ...


class AesGcmBox:
    def __init__(self, key: bytes):
        self._cipher = AESGCM(key)

    def seal(self, plaintext: bytes, aad: bytes) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plaintext, aad)

    def open(self, sealed: bytes, aad: bytes) -> bytes:
        if len(sealed) < NONCE_BYTES + TAG_BYTES:
            raise CannotDecrypt("sealed value is too short")
        try:
            return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], aad)
        except InvalidTag:
            raise CannotDecrypt("sealed value does not belong here or was altered") from None


class Sm4GcmBox:
    def __init__(self, key: bytes):
        self._algorithm = SM4(key)

    def seal(self, plaintext: bytes, aad: bytes) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self.seal_with_nonce(nonce, plaintext, aad)

    def seal_with_nonce(self, nonce: bytes, plaintext: bytes, aad: bytes) -> bytes:
        """Apart from `seal` only so that the published vector of RFC 8998 can be checked."""
        encryptor = Cipher(self._algorithm, modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(aad)
        return encryptor.update(plaintext) + encryptor.finalize() + encryptor.tag

    def open(self, sealed: bytes, aad: bytes) -> bytes:
        if len(sealed) < NONCE_BYTES + TAG_BYTES:
            raise CannotDecrypt("sealed value is too short")
        nonce, body, tag = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:-TAG_BYTES], sealed[-TAG_BYTES:]
        decryptor = Cipher(self._algorithm, modes.GCM(nonce, tag)).decryptor()
        decryptor.authenticate_additional_data(aad)
        try:
            return decryptor.update(body) + decryptor.finalize()
        except InvalidTag:
            raise CannotDecrypt("sealed value does not belong here or was altered") from None


class Suite:
    """One named composition: a cipher with its key length, and a hash that also drives HMAC and HKDF."""

    def __init__(self, name: str, box, key_bytes: int, hash_class):
        self.name = name
        self.key_bytes = key_bytes
        self._box = box
        self._hash_class = hash_class

    def box(self, key: bytes) -> Box:
        return self._box(key)

    def seal(self, key: bytes, plaintext: bytes, aad: bytes) -> bytes:
        return self.box(key).seal(plaintext, aad)

    def open(self, key: bytes, sealed: bytes, aad: bytes) -> bytes:
        return self.box(key).open(sealed, aad)

    def hmac(self, key: bytes, data: bytes) -> bytes:
        mac = hmac.HMAC(key, self._hash_class())
        mac.update(data)
        return mac.finalize()

    def hash(self, data: bytes) -> bytes:
        digest = hashes.Hash(self._hash_class())
        digest.update(data)
        return digest.finalize()

    def derive(self, master: bytes, info: bytes, length: int = 32) -> bytes:
        return HKDF(algorithm=self._hash_class(), length=length, salt=None, info=info).derive(master)


def _works(suite: Suite) -> bool:
    """Use the algorithms once: support differs between builds, and a feature flag may say more than is true."""
    try:
        box = suite.box(suite.derive(b"probe", b"probe", suite.key_bytes))
        return box.open(box.seal(b"x", b"a"), b"a") == b"x" and len(suite.hmac(b"k", b"d")) == 32
    except (UnsupportedAlgorithm, TypeError):
        return False


_SUITES = {
    "intl": Suite("intl", AesGcmBox, 32, hashes.SHA256),
    "gm": Suite("gm", Sm4GcmBox, 16, hashes.SM3),
}
SUITE_NAMES = tuple(_SUITES)


@cache
def suite_available(name: str) -> bool:
    return name in _SUITES and _works(_SUITES[name])


def get_suite(name: str) -> Suite:
    if name not in _SUITES:
        raise SuiteUnavailable(f"unknown crypto suite {name!r}; known: {', '.join(SUITE_NAMES)}")
    if not suite_available(name):
        raise SuiteUnavailable(f"crypto suite {name!r} needs algorithms that this OpenSSL build does not have")
    return _SUITES[name]
