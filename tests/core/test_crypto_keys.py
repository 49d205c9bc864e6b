"""The settings reach the vault, and a changed setting is noticed."""

import subprocess
import sys
import uuid

import pytest

from core import crypto
from core.crypto.keyring import new_key_text
from core.crypto.keys import vault

ROW = uuid.uuid4()
HERE = {"table": "person", "field": "phone", "row": ROW}


@pytest.fixture(autouse=True)
def keys(settings):
    settings.FIELD_KEY, settings.FIELD_KEY_PREVIOUS = new_key_text("f1"), ""
    settings.INDEX_KEY, settings.INDEX_KEY_PREVIOUS = "", ""
    settings.AUDIT_KEY, settings.SEAL_KEY = new_key_text("a1"), new_key_text("s1")
    settings.AUDIT_KEY_PREVIOUS = settings.SEAL_KEY_PREVIOUS = ""
    settings.CRYPTO_SUITE = settings.CRYPTO_INDEX_SUITE = "intl"
    yield
    vault.cache_clear()


def test_an_action_seals_and_opens_with_the_configured_key():
    token = crypto.encrypt("13900000000", **HERE)
    assert token.startswith("v1.intl.f1.") and crypto.decrypt(token, **HERE) == "13900000000"


def test_a_changed_key_setting_is_used_at_once(settings):
    crypto.encrypt("x", **HERE)
    settings.FIELD_KEY = new_key_text("f2")
    assert crypto.encrypt("x", **HERE).startswith("v1.intl.f2.")


def test_a_rotated_field_key_without_an_index_key_is_refused(settings):
    old = settings.FIELD_KEY
    settings.FIELD_KEY, settings.FIELD_KEY_PREVIOUS = new_key_text("f2"), old
    with pytest.raises(crypto.KeyProblem, match="INDEX_KEY"):
        crypto.encrypt("x", **HERE)


def test_naming_the_old_key_as_index_key_keeps_indexes_and_key_check(settings):
    old, before, check = settings.FIELD_KEY, crypto.blind_index("x1", purpose="id"), crypto.key_check_value()
    settings.FIELD_KEY, settings.FIELD_KEY_PREVIOUS, settings.INDEX_KEY = new_key_text("f2"), old, old
    assert crypto.blind_index("x1", purpose="id") == before
    assert crypto.verify_key_check(check) is None


def test_a_missing_seal_key_is_named(settings):
    settings.SEAL_KEY = ""
    with pytest.raises(crypto.KeyProblem, match="SEAL_KEY"):
        crypto.seal_mac(b"x")


def test_the_seal_key_may_not_be_the_field_key(settings):
    settings.SEAL_KEY = settings.FIELD_KEY
    with pytest.raises(crypto.KeyProblem):
        crypto.seal_mac(b"x")


def test_the_pure_modules_do_not_import_django():
    code = "import core.crypto, core.crypto.vault, core.sheets, sys; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
