"""回避: who of a meeting's panel, or who presides over it, lives in a household that it decides (issue 5.2; A9-05, 家族势力干扰). Reads only."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from assessment.models import Sitting
from households.models import Membership

RECUSED, NAMESAKE = "recused", "namesake"
ANSWERS = ((RECUSED, "是本人，回避"), (NAMESAKE, "同名，不是本人"))


def sitters(panel: Iterable[Mapping]) -> frozenset[str]:
    """Names of those of the panel who are there: they vote, unless they step back."""
    return frozenset(str(row.get("name", "")).strip() for row in panel if row.get("present")) - {""}


def kin_on_panel(sitting: Sitting, household_ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """Household → names of its members that also sit on the panel or preside; households without one are left out. One query, none before
    anybody is named."""
    names = (sitters(sitting.panel) | {sitting.chair.strip()}) - {""}
    if not names:
        return {}
    rows = Membership.objects.current().filter(household_id__in=list(household_ids), person__name__in=names)
    found: dict[int, set[str]] = defaultdict(set)
    for household, name in rows.values_list("household_id", "person__name"):
        found[household].add(name)
    return {household: tuple(sorted(own)) for household, own in found.items()}


def recusal_faults(kin: Sequence[str], recused: Iterable[str], namesakes: Iterable[str]) -> list[str]:
    """Nobody judges the own household: each such name steps back by name, or is said to be another person's. Pure."""
    open_names = [name for name in kin if name not in {*recused, *namesakes}]
    return [f"{'、'.join(open_names)}参加或主持评议，又是这一户的人：请写明回避；同名不是本人的，选“同名，不是本人”。"] if open_names else []
