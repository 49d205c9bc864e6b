"""Answers of submitted forms against the household's facts, brought to the doubts as family 15 (rulings 11 and 26). Reads only.

A draft is not asked here: its form says so while it is filled, and asks for a ground before it is submitted.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache

from assessment.derive import Contradiction, contradictions, derive
from assessment.form_state import open_remarks
from assessment.household_facts import facts_for
from assessment.models import Round, RoundStatus, Survey, SurveyStatus
from assessment.rubric import load_default
from households.models import IncomeYear, Membership
from households.quality import Hit, Level, Rule, Severity, finding
from households.quality_sources import Brought

FAMILY, WEIGHT = 15, 50
REMEDY = "入户核实：户信息有误就改户信息，评估表有误就重新评估，都没有错就写明依据。"


@lru_cache(maxsize=1)
def answer_names() -> dict[str, str]:
    """The indicator that a finding is about, as the form shipped with the program calls it; a county's own indicators are not there."""
    return {f"LK-{item.code}": item.name for item in load_default().indicators}


def said_of(item: Contradiction) -> str:
    return f"表上填“{item.answer_label}”，按户信息应为“{item.derived_label}”：{item.reason}"


def answer_findings(household_ids: Sequence[int]) -> Iterator[Brought]:
    """What the submitted forms of open rounds say against the facts; four queries, one where there is no form."""
    forms = list(
        Survey.objects.filter(household_id__in=household_ids, status=SurveyStatus.SUBMITTED, round__status=RoundStatus.OPEN)
        .select_related("household")
        .order_by("household_id", "round_id")
    )
    if not forms:
        return
    rounds = Round.objects.select_related("rubric").in_bulk({form.round_id for form in forms})
    homes = {form.household_id for form in forms}
    members, sheets = defaultdict(list), defaultdict(list)
    for row in Membership.objects.filter(household_id__in=homes, until__isnull=True).select_related("person").order_by("relation", "pk"):
        members[row.household_id].append(row)
    for sheet in IncomeYear.objects.filter(household_id__in=homes):
        sheets[sheet.household_id].append(sheet)
    for form in forms:
        yield from _of_form(form, rounds[form.round_id], members[form.household_id], sheets[form.household_id])


def _of_form(form: Survey, round_: Round, members: list[Membership], sheets: list[IncomeYear]) -> Iterator[Brought]:
    rubric = round_.rubric.value
    if len(form.answers) != len(rubric.indicators):
        return
    found = contradictions(rubric, form.answers, derive(rubric, facts_for(form.household, round_.reference_date, members, sheets)))
    notes = open_remarks(form)[1] if found else {}
    for item in found:
        rule = Rule(f"LK-{item.code}", FAMILY, Level.HOUSEHOLD, Severity.WARNING, rubric.by_code[item.code].name, lambda *_: (), weight=WEIGHT)
        hit = Hit(said_of(item), REMEDY, item.code)
        made = finding(rule, hit, f"{form.household.uuid}@{round_.code}")
        yield Brought(form.household_id, made, notes.get(item.code, ""), form.entered_by_id, form.submitted_at)
