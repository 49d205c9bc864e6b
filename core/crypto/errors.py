"""What can go wrong with keys and sealed values. No message ever carries a key, a token or a plain value (C5)."""


class CryptoError(Exception):
    """Base of every error of this package."""


class KeyProblem(CryptoError):
    """A key setting is missing, malformed or used for two purposes."""


class SuiteUnavailable(CryptoError):
    """The suite is known but the installed OpenSSL lacks its algorithms."""


class CannotDecrypt(CryptoError):
    """The value was not sealed for this table, field and row, was altered, or its key is not in the ring."""


class WrongKey(CryptoError):
    """The configured keys are not the ones this database was written with (ruling 6): the start is refused."""
