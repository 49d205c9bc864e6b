"""Sealing, blind indexes and MACs over one key set. Pure: no Django, no global state.

A sealed value is text: `v1.<suite>.<key id>.<base64url of nonce, ciphertext, tag>`; the additional data are
`table|field|row uuid`, so a value moved to another row, field or table does not open (C1).
A blind index is text: `<suite>.<key id>.<base64url of the MAC>`. It names its own key, because a rotation of the field
key must not change it: index keys rotate by filling a second column with `blind_index(..., key=<new id>)` and swapping
the columns afterwards (ruling 6).
"""

from __future__ import annotations

import base64
import binascii
import hmac
import unicodedata
import uuid
from collections.abc import Iterable

from .errors import CannotDecrypt, KeyProblem, SuiteUnavailable, WrongKey
from .keyring import Key, KeySet, Ring
from .suites import SUITE_NAMES, Box, Suite, get_suite, suite_available

VERSION = "v1"
ID_CHARACTERS = 18  # A disability number is an ID number and two more; both index alike (ruling 6).
_PURPOSES = ("field", "index", "audit", "seal")


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode("ascii").rstrip("=")


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise CannotDecrypt("sealed value is not base64") from None


def _aad_head(table: str, field: str) -> str:
    if not table or not field or "|" in table or "|" in field:
        raise ValueError("table and field are plain names")
    return f"{table}|{field}|"


def _row_text(row: uuid.UUID | str) -> str:
    """One spelling per row: a uuid read back as text must give the same additional data."""
    return str(row if isinstance(row, uuid.UUID) else uuid.UUID(row))


def index_text(text: str) -> str:
    """What is indexed: full-width and lower-case spellings of one number are one number (E7)."""
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


class Vault:
    def __init__(self, keys: KeySet):
        self.keys = keys
        self.suite = get_suite(keys.suite)
        self.index_suite = get_suite(keys.index_suite)
        self._boxes: dict[str, Box] = {}
        self._derived: dict[tuple, bytes] = {}
        self._current_head = f"{VERSION}.{keys.suite}.{keys.field.current.id}"

    # -- sealing ------------------------------------------------------------------------------------------------
    def _box(self, head: str) -> Box:
        box = self._boxes.get(head)
        if box is None:
            version, suite_name, key_id = head.split(".")
            key = self.keys.field.find(key_id)
            if version != VERSION or key is None:
                raise CannotDecrypt("the value names a key that is not in the ring")
            try:
                suite = get_suite(suite_name)
            except SuiteUnavailable as problem:
                raise CannotDecrypt(str(problem)) from None
            secret = suite.derive(key.secret, f"fupin/field/{suite_name}".encode(), suite.key_bytes)
            box = self._boxes[head] = suite.box(secret)
        return box

    def encrypt(self, plaintext: str, *, table: str, field: str, row: uuid.UUID | str) -> str:
        aad = (_aad_head(table, field) + _row_text(row)).encode()
        return f"{self._current_head}.{_encode(self._box(self._current_head).seal(plaintext.encode(), aad))}"

    def decrypt(self, token: str, *, table: str, field: str, row: uuid.UUID | str) -> str:
        aad = (_aad_head(table, field) + _row_text(row)).encode()
        return self._open(token, aad)

    def _open(self, token: str, aad: bytes) -> str:
        head, dot, body = (token or "").rpartition(".")
        if not dot or head.count(".") != 2:
            raise CannotDecrypt("not a sealed value")
        return self._box(head).open(_decode(body), aad).decode()

    def encrypt_many(self, items: Iterable[tuple[str, uuid.UUID | str]], table: str, field: str) -> list[str]:
        head, box = _aad_head(table, field), self._box(self._current_head)
        prefix = self._current_head + "."
        return [prefix + _encode(box.seal(text.encode(), (head + _row_text(row)).encode())) for text, row in items]

    def decrypt_many(self, items: Iterable[tuple[str, uuid.UUID | str]], table: str, field: str) -> list[str]:
        head = _aad_head(table, field)
        return [self._open(token, (head + _row_text(row)).encode()) for token, row in items]

    def needs_rotation(self, token: str) -> bool:
        return token.rpartition(".")[0] != self._current_head

    def reencrypt(self, token: str, *, table: str, field: str, row: uuid.UUID | str) -> str:
        """The same value under the current suite and key; a current token comes back as it is."""
        plaintext = self.decrypt(token, table=table, field=field, row=row)
        return self.encrypt(plaintext, table=table, field=field, row=row) if self.needs_rotation(token) else token

    # -- blind indexes ------------------------------------------------------------------------------------------
    def blind_index(self, text: str, *, purpose: str, salt: str = "", key: str = "", suite: str = "") -> str:
        """Equal texts give equal indexes, and nothing else can be learnt. `key` and `suite` are for a rotation."""
        normal = index_text(text)
        if not normal or not purpose:
            raise ValueError("an empty text has no index")
        chosen = self.keys.index.find(key) if key else self.keys.index.current
        if chosen is None:
            raise KeyProblem("no index key with this id")
        engine = get_suite(suite) if suite else self.index_suite
        # Length first: ("last4", "x") and ("last", "4x") are two keys.
        label = f"fupin/index/{len(purpose)}/{purpose}/{salt}"
        secret = self._derive(engine, chosen, label)
        return f"{engine.name}.{chosen.id}.{_encode(engine.hmac(secret, normal.encode()))}"

    def last_four_index(self, text: str, township_code: str, *, key: str = "", suite: str = "") -> str:
        """Index of the last four of the first 18 characters, or of four typed ones. Salted by township: a county-wide
        table of 10,000 four-digit values could be counted back, one township's is gated and audited (ruling 6)."""
        normal = index_text(text)[:ID_CHARACTERS]
        if len(normal) < 4 or not township_code:
            raise ValueError("four characters and a township are needed")
        return self.blind_index(normal[-4:], purpose="last4", salt=township_code, key=key, suite=suite)

    def _derive(self, suite: Suite, key: Key, label: str) -> bytes:
        place = (suite.name, key.secret, label)
        secret = self._derived.get(place)
        if secret is None:
            if len(self._derived) > 10_000:  # Salts come from callers: the cache must not grow without end.
                self._derived.clear()
            secret = self._derived[place] = suite.derive(key.secret, label.encode())
        return secret

    # -- chained and sealing MACs -------------------------------------------------------------------------------
    def audit_mac(self, prev: str, payload: bytes) -> str:
        return self._audit_mac(self.suite, self.keys.audit.current, prev, payload)

    def seal_mac(self, payload: bytes) -> str:
        return self._seal_mac(self.suite, self.keys.seal.current, payload)

    def check_audit_mac(self, mac: str, prev: str, payload: bytes) -> bool:
        """True if any suite and key in the ring made `mac`: a chain goes on over a change of suite or key."""
        return self._made_here(mac, self.keys.audit, lambda s, k: self._audit_mac(s, k, prev, payload))

    def check_seal_mac(self, mac: str, payload: bytes) -> bool:
        return self._made_here(mac, self.keys.seal, lambda s, k: self._seal_mac(s, k, payload))

    def token_mac(self, purpose: str, payload: bytes) -> str:
        """128 bits that bind what leaves the system and is to come back unchanged; each purpose has a key of its own."""
        return self._token_mac(self.suite, self.keys.seal.current, purpose, payload)

    def check_token_mac(self, mac: str, purpose: str, payload: bytes) -> bool:
        return self._made_here(mac, self.keys.seal, lambda s, k: self._token_mac(s, k, purpose, payload))

    def _audit_mac(self, suite: Suite, key: Key, prev: str, payload: bytes) -> str:
        before = prev.encode()
        # Length first, so that no part of the payload can pass for the previous link.
        message = len(before).to_bytes(4, "big") + before + payload
        return suite.hmac(self._derive(suite, key, "fupin/audit"), message).hex()

    def _seal_mac(self, suite: Suite, key: Key, payload: bytes) -> str:
        return suite.hmac(self._derive(suite, key, "fupin/seal"), payload).hex()

    def _token_mac(self, suite: Suite, key: Key, purpose: str, payload: bytes) -> str:
        return suite.hmac(self._derive(suite, key, f"fupin/token/{purpose}"), payload).hex()[:32]

    @staticmethod
    def _made_here(mac: str, ring: Ring, make) -> bool:
        suites = [get_suite(name) for name in SUITE_NAMES if suite_available(name)]
        return any(hmac.compare_digest(make(s, k).encode(), mac.encode()) for s in suites for k in ring.all)

    # -- key check ----------------------------------------------------------------------------------------------
    def key_check_value(self) -> str:
        """Stored once per database. Per purpose `purpose=suite.key id.MAC`; it tells nothing about the keys."""
        suites = {"index": self.index_suite}
        return ";".join(
            self._check_part(purpose, suites.get(purpose, self.suite), getattr(self.keys, purpose).current)
            for purpose in _PURPOSES
        )

    def _check_part(self, purpose: str, suite: Suite, key: Key) -> str:
        mac = suite.hmac(self._derive(suite, key, f"fupin/check/{purpose}"), b"fupin key check")
        return f"{purpose}={suite.name}.{key.id}.{_encode(mac[:16])}"

    def verify_key_check(self, stored: str) -> None:
        """Raise `WrongKey` unless the ring holds every key that the database was written with. The index must be made
        by the *current* index key: with another one every look-up by number would miss without a word."""
        parts = dict(part.partition("=")[::2] for part in stored.split(";"))
        for purpose in _PURPOSES:
            pieces = parts.get(purpose, "").split(".")
            if len(pieces) != 3:
                raise WrongKey(f"the stored key check has no {purpose} part")
            suite_name, key_id, _ = pieces
            key = getattr(self.keys, purpose).find(key_id)
            if key is None:
                raise WrongKey(f"the {purpose} key {key_id} that wrote this database is not configured")
            expected = self._check_part(purpose, get_suite(suite_name), key)
            if not hmac.compare_digest(expected.encode(), f"{purpose}={parts[purpose]}".encode()):
                raise WrongKey(f"the configured {purpose} key {key_id} is not the one that wrote this database")
        index_suite, index_key, _ = parts["index"].split(".")
        if (index_suite, index_key) != (self.index_suite.name, self.keys.index.current.id):
            raise WrongKey(f"the blind indexes were made with {index_suite}.{index_key}: rotate them before the swap")
