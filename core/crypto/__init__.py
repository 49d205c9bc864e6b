"""Sealed values, blind indexes and MACs (trust.md C1, C2, C3; ruling 6).

`suites`, `keyring` and `vault` are pure; `keys` reads the settings; `fields` is what actions call. Importing this
package does not import Django: the functions of `fields` are looked up on first use.
"""

from importlib import import_module

from .errors import CannotDecrypt, CryptoError, KeyProblem, SuiteUnavailable, WrongKey

_CALLS = (
    "encrypt", "decrypt", "encrypt_many", "decrypt_many", "needs_rotation", "reencrypt", "blind_index",
    "last_four_index", "key_check_value", "verify_key_check", "audit_mac", "check_audit_mac", "seal_mac",
    "check_seal_mac", "token_mac", "check_token_mac",
)  # fmt: skip


def __getattr__(name: str):
    if name in _CALLS:
        return getattr(import_module(".fields", __name__), name)
    raise AttributeError(name)


__all__ = ["CannotDecrypt", "CryptoError", "KeyProblem", "SuiteUnavailable", "WrongKey", *_CALLS]
