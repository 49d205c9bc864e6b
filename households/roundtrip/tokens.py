"""The row token of an exported row: which household or member it is, bound by a MAC to its code, county and version. Made up or moved to
another row it does not hold; it says nothing to anybody else."""

from __future__ import annotations

import base64
import binascii
from uuid import UUID

from core.crypto import check_token_mac, token_mac

PURPOSE = "edit-row"


def row_token(kind: str, uuid: UUID, code: str, county_id: int, version: int) -> str:
    name = base64.urlsafe_b64encode(uuid.bytes).decode().rstrip("=")
    return f"{kind}{name}.{token_mac(PURPOSE, _payload(kind, uuid, code, county_id, version))}"


def read_token(text: str, kind: str, code: str, county_id: int, version: int) -> UUID | None:
    """The row's uuid; None when this is no token of such a row."""
    name, dot, mac = text.strip().partition(".")
    if not dot or not name.startswith(kind) or not mac.isascii():
        return None
    try:
        uuid = UUID(bytes=base64.b64decode(name[1:] + "==", altchars=b"-_", validate=True))
    except (binascii.Error, ValueError):
        return None
    return uuid if check_token_mac(mac, PURPOSE, _payload(kind, uuid, code, county_id, version)) else None


def _payload(kind: str, uuid: UUID, code: str, county_id: int, version: int) -> bytes:
    return f"fupin edit row|1|{kind}|{uuid}|{code}|{county_id}|{version}".encode()
