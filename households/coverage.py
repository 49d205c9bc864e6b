"""Who and what nobody has looked at yet: the six items of a household's file and children out of school (B-24, A8-03, A1-01). Pure."""

from collections.abc import Mapping

SIX_ITEMS = {
    "basics": "基础台账", "plan": "帮扶计划", "measures_taken": "脱贫措施", "income_project": "增收项目", "funding": "资金扶持", "helper_name": "干部帮联",
}  # fmt: skip
"""B-24. 基础台账 is there when the facts of BASICS are on file; the others are the section 帮扶 of the household."""

BASICS = ("cause", "structure", "area_m2", "water_safe", "electricity", "cultivated_mu")

SCHOOL_AGES = range(6, 16)
NOT_IN_SCHOOL = "01"


def missing_items(facts: Mapping[str, object]) -> tuple[str, ...]:
    """Codes of the six that a household lacks; `facts` are its columns by name, "" and None are not there."""
    lacking = [] if all(facts.get(name) not in (None, "") for name in BASICS) else ["basics"]
    return (*lacking, *(code for code in SIX_ITEMS if code != "basics" and not facts.get(code)))


def child_state(schooling: str, education: str) -> str:
    """'unknown' = nobody has looked, 'out' = known not to be in school, 'in' otherwise. A child of 6 to 15 only."""
    if not schooling and not education:
        return "unknown"
    return "out" if schooling in ("", NOT_IN_SCHOOL) else "in"
