"""Classes of sensitive fields; each is a permission of its own (trust A2). Pure."""

from enum import StrEnum


class FieldClass(StrEnum):
    IDENTITY = "identity"
    CONTACT = "contact"
    HEALTH = "health"
    FINANCE = "finance"
