"""What a list has fixed, asked before anything of a household is written: its facts while it is locked, its form once it is decided.

Reads only. The hold itself is a column of the household (ruling 26); what is asked here is the case behind it.
"""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from assessment.models import Case, CaseState, Round
from households.models import Household

FORM_FIXED = {
    CaseState.CONCLUDED: "本批次已认定，评估表不能再改",
    CaseState.REJECTED: "本批次已定为不予列入，评估表不能再改",
    CaseState.ENDED: "本批次的评议已终止，评估表不能再改",
}
AMEND_SUBJECTS = {
    "members": "家庭成员",
    "income": "收入和资产",
    "house": "住房和设施",
    "survey": "评估表",
    "other": "其他",
}
SHORTEST_REASON, LONGEST_REASON = 4, 400
BATCH = 500


def form_fixed(household_id: int, round_: Round) -> str:
    """Why the household's form of the round may not change any more; "" when it may."""
    state = Case.objects.filter(round=round_, household_id=household_id).values_list("state", flat=True).first()
    return FORM_FIXED.get(state, "")


def why_fixed(household: Household, round_: Round) -> str:
    """A sentence for the page of the form: locked, or decided; "" when it may change."""
    if household.hold:
        return "这一户已锁定，要改评估表，须先办变更。"
    fixed = form_fixed(household.pk, round_)
    return f"{fixed}。" if fixed else ""


def forms_fixed(round_: Round, codes: Iterable[str]) -> dict[str, str]:
    """{household code: why} of those whose case in the round has come to its end, a query a batch."""
    wanted, found = list(codes), {}
    for start in range(0, len(wanted), BATCH):
        rows = Case.objects.filter(round=round_, household__code__in=wanted[start : start + BATCH], state__in=FORM_FIXED)
        found |= {code: FORM_FIXED[state] for code, state in rows.values_list("household__code", "state")}
    return found


def pinned(round_: Round) -> QuerySet[Case]:
    """Cases whose score a seal has pinned, or that have come to their end: a rescore leaves their forms alone (ruling 5)."""
    return Case.objects.filter(Q(score__isnull=False) | Q(state__in=FORM_FIXED), round=round_)
