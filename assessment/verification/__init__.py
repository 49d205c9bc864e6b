"""核验名单: everything that a village's list has sealed, read again and compared with what stands today (ruling 21; issue 3.4; trust 2, 79, 82).

It trusts nothing that it can work out from elsewhere: bodies against leaves, today's rows against bodies, leaves against the list's
seal, the list's seal against the trail, the stage of each household against what was decided. It names what was touched, never values.
"""

from assessment.models import Round
from assessment.verification.findings import Checked, Finding
from assessment.verification.lists import check_village
from villages.models import Village

__all__ = ["Checked", "Finding", "check_village", "verify_list"]


def verify_list(round_: Round, village: Village) -> list[Finding]:
    """Every fault of the village's list in the round; empty when all is well."""
    return check_village(round_, village).findings
