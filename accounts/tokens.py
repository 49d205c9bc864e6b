"""How an API token is kept: the first characters to find it by, and a digest of the whole (ruling 29)."""

import hashlib

PREFIX_LENGTH = 8


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
