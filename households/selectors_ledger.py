"""What a household's ledger says of an earlier version: the ground on which two saves are compared."""

import json

from households.models import Household
from households.secrets import reveal


def ledger_document(household: Household, version: int) -> dict[str, object]:
    """The whole household as that version left it (`steps.document`); {} where the ledger has no such version."""
    row = household.versions.filter(version=version).first()
    return json.loads(reveal(row, "facts")) if row else {}


def facts_changed_since(household: Household, version: int) -> bool:
    """Whether anything but the place of the household is another than at that version: 撤并村 makes versions of its own."""
    later = household.version - version
    moves = household.versions.filter(version__gt=version, version__lte=household.version, place_only=True) if later > 0 else None
    return later != 0 and (moves is None or moves.count() != later)
