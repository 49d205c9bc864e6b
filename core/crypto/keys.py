"""The one module of this package that reads the Django settings.

FIELD_KEY, FIELD_KEY_PREVIOUS, INDEX_KEY, INDEX_KEY_PREVIOUS, AUDIT_KEY, AUDIT_KEY_PREVIOUS, SEAL_KEY,
SEAL_KEY_PREVIOUS: `id:base64` or bare base64 of 32 bytes, the *_PREVIOUS ones comma lists.
CRYPTO_SUITE (`intl`, `gm`) seals new values; CRYPTO_INDEX_SUITE makes the blind indexes and changes only by a rotation.
"""

from functools import lru_cache

from django.conf import settings
from django.core.signals import setting_changed

from .errors import KeyProblem
from .keyring import KeySet, Ring, parse_ring
from .vault import Vault

_SETTINGS = frozenset(
    {f"{purpose}_KEY{tail}" for purpose in ("FIELD", "INDEX", "AUDIT", "SEAL") for tail in ("", "_PREVIOUS")}
    | {"CRYPTO_SUITE", "CRYPTO_INDEX_SUITE"}
)


def _ring(name: str) -> Ring:
    return parse_ring(getattr(settings, name, ""), getattr(settings, f"{name}_PREVIOUS", ""), setting=name)


def _index_ring(field: Ring) -> Ring:
    """Without INDEX_KEY the field key drives the indexes too, until it is first rotated: then the old one has to be
    named as INDEX_KEY, or every look-up by number would silently miss."""
    if getattr(settings, "INDEX_KEY", ""):
        return _ring("INDEX_KEY")
    if field.others:
        raise KeyProblem("FIELD_KEY was rotated: set INDEX_KEY to the key that made the blind indexes")
    return field


@lru_cache(maxsize=1)
def vault() -> Vault:
    field = _ring("FIELD_KEY")
    return Vault(
        KeySet(
            field=field,
            index=_index_ring(field),
            audit=_ring("AUDIT_KEY"),
            seal=_ring("SEAL_KEY"),
            suite=getattr(settings, "CRYPTO_SUITE", "intl"),
            index_suite=getattr(settings, "CRYPTO_INDEX_SUITE", "intl"),
        )
    )


def _forget(*, setting: str, **_):
    if setting in _SETTINGS:
        vault.cache_clear()


setting_changed.connect(_forget, dispatch_uid="core.crypto.keys")
