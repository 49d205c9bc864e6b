"""Signed forms of the demo: what follows from the facts is answered so, the rest is drawn."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from random import Random

from accounts.models import User
from accounts.scopes import scope_of
from assessment.actions.surveys import save_draft
from assessment.answers import encode
from assessment.derive import derive
from assessment.facts import HouseholdFacts, MemberFacts
from assessment.importing.sheet import SurveySheetRow
from assessment.models import Survey, SurveyStatus
from assessment.rubric import Rubric, load_default
from core.periods import age_on
from fupin.demo.people import MALE, SURNAMES
from households.importing.model import RosterHousehold, RosterMember
from households.models import Household

DRAFTS = 3


def survey_rows(households: Iterable[RosterHousehold], today: date, seed: int) -> Iterator[SurveySheetRow]:
    """One form a household, dated in the three months before `today`."""
    random = Random(seed)  # noqa: S311 - the same at every start
    rubric = load_default()
    for household in households:
        answers = _answers(rubric, household, today, random)
        surveyor = random.choice(SURNAMES) + random.choice(MALE)
        yield SurveySheetRow(household.code, today - timedelta(days=random.randint(1, 90)), surveyor, answers)


def _answers(rubric: Rubric, household: RosterHousehold, today: date, random: Random) -> str:
    derived = derive(rubric, _facts(household, today))
    ordinals = {}
    for item in rubric.indicators:
        if item.code in derived:
            ordinals[item.code] = int(derived[item.code].option_code.rpartition("-")[2])
        else:
            ordinals[item.code] = random.choice(item.options).ordinal
    return encode(rubric, ordinals)


def _facts(household: RosterHousehold, today: date) -> HouseholdFacts:
    known = {name: value for name, value in household.facts.items() if name in HouseholdFacts.__dataclass_fields__}
    known["appliances"] = frozenset(known.get("appliances") or ())
    return HouseholdFacts(**known, persons=len(household.members), members=tuple(_member(m, today) for m in household.members))


def _member(member: RosterMember, today: date) -> MemberFacts:
    return MemberFacts(
        age=age_on(member.birth, today), education=member.education or None, schooling=member.schooling or None,
        health=frozenset(member.health.split(",")), skill=member.skill or None, work_months=member.work_months or 0,
    )  # fmt: skip


def drafts_of(login: str, round_code: str) -> None:
    """A few forms that the cadre has begun to ask again: there is something to go on with, and no figure moves."""
    scope = scope_of(User.objects.get(login=login))
    if Survey.objects.filter(household__in=Household.objects.visible_to(scope), status=SurveyStatus.DRAFT).exists():
        return
    for household in Household.objects.visible_to(scope).order_by("code")[4 : 4 + DRAFTS]:
        save_draft(
            scope=scope, household_code=household.code, round_code=round_code, answers={"B2": ""}, remarks={"A": "正房三间，东墙有一道通缝，下雨要接水。"},
            surveyed_on=date(2016, 7, 2), surveyor_name="覃晓燕",
        )  # fmt: skip
