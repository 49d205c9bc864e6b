"""C2: both suites are what the standards say they are."""

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from hypothesis import given
from hypothesis import strategies as st

from core.crypto import suites
from core.crypto.errors import CannotDecrypt, SuiteUnavailable
from core.crypto.suites import NONCE_BYTES, SUITE_NAMES, AesGcmBox, Sm4GcmBox, get_suite

needs_gm = pytest.mark.skipif(not suites.suite_available("gm"), reason="this OpenSSL build has no SM3 or SM4-GCM")
both = pytest.mark.parametrize("name", ["intl", pytest.param("gm", marks=needs_gm)])


@needs_gm
@pytest.mark.parametrize(
    ("message", "digest"),
    [
        (b"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        (b"abcd" * 16, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
    ],
)
def test_sm3_gives_the_digests_printed_in_gbt_32905(message, digest):
    assert get_suite("gm").hash(message).hex() == digest


@needs_gm
def test_sm4_gives_the_block_printed_in_gbt_32907():
    key = bytes.fromhex("0123456789abcdeffedcba9876543210")
    encryptor = Cipher(SM4(key), modes.ECB()).encryptor()
    assert encryptor.update(key).hex() == "681edf34d206965e86b3e94f536e4246"


@needs_gm
def test_the_gm_box_gives_the_sm4_gcm_vector_of_rfc_8998():
    box = Sm4GcmBox(bytes.fromhex("0123456789abcdeffedcba9876543210"))
    plaintext = bytes.fromhex(
        "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd"
        "eeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa"
    )
    sealed = box.seal_with_nonce(
        bytes.fromhex("00001234567800000000abcd"),
        plaintext,
        bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2"),
    )
    assert sealed[-16:].hex() == "83de3541e4c2b58177e065a9bf7b62ec"
    assert sealed[:-16].hex() == (
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
    )


def test_hmac_sha_256_gives_the_vector_of_rfc_4231():
    assert get_suite("intl").hmac(b"Jefe", b"what do ya want for nothing?").hex() == (
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    )


@both
@given(plaintext=st.binary(max_size=300), aad=st.binary(max_size=60))
def test_each_suite_opens_what_it_sealed(name, plaintext, aad):
    suite = get_suite(name)
    key = suite.derive(b"k" * 32, b"test", suite.key_bytes)
    assert suite.open(key, suite.seal(key, plaintext, aad), aad) == plaintext


@both
@pytest.mark.parametrize("place", [0, NONCE_BYTES, -1])
def test_one_flipped_bit_anywhere_is_refused(name, place):
    suite = get_suite(name)
    key = suite.derive(b"k" * 32, b"test", suite.key_bytes)
    sealed = bytearray(suite.seal(key, b"13900000000", b"a"))
    sealed[place] ^= 1
    with pytest.raises(CannotDecrypt):
        suite.open(key, bytes(sealed), b"a")


@both
def test_a_cut_value_is_refused(name):
    suite = get_suite(name)
    key = suite.derive(b"k" * 32, b"test", suite.key_bytes)
    with pytest.raises(CannotDecrypt):
        suite.open(key, suite.seal(key, b"", b"a")[:-1], b"a")


def test_a_nonce_is_never_used_twice():
    box = AesGcmBox(b"k" * 32)
    assert len({box.seal(b"", b"")[:NONCE_BYTES] for _ in range(5000)}) == 5000


def test_an_unknown_suite_is_named():
    with pytest.raises(SuiteUnavailable, match="rot13"):
        get_suite("rot13")


def test_a_suite_without_its_algorithms_says_so_instead_of_using_others(monkeypatch):
    monkeypatch.setattr(suites, "suite_available", lambda name: name != "gm")
    with pytest.raises(SuiteUnavailable, match="OpenSSL"):
        get_suite("gm")
    assert set(SUITE_NAMES) == {"intl", "gm"}
