"""What a survey form holds at a moment: stored draft, copy of the submitted form, or answers that follow from the household's facts.

Reads only. The action stores what this module says a new draft begins as, so that the page and the stored row never differ.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from assessment.answers import chosen, encode, missing
from assessment.derive import Contradiction, Derived, contradictions, derive
from assessment.household_facts import facts_for
from assessment.models import Round, Survey, SurveyPurpose, SurveyStatus
from assessment.rubric import Option, Rubric
from households.models import Household
from households.secrets import reveal, seal


@dataclass(frozen=True)
class FormState:
    """A form as a page shows it. `version` 0 = no draft is stored yet."""

    rubric: Rubric
    answers: str
    version: int = 0
    remarks: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    derived: Mapping[str, Derived] = field(default_factory=dict)
    from_facts: frozenset[str] = frozenset()
    surveyed_on: date | None = None
    surveyor_name: str = ""
    saved_at: datetime | None = None

    @property
    def chosen(self) -> dict[str, Option | None]:
        return chosen(self.rubric, self.answers)

    @property
    def missing(self) -> tuple[str, ...]:
        return missing(self.rubric, self.answers)

    @property
    def contradictions(self) -> tuple[Contradiction, ...]:
        return contradictions(self.rubric, self.answers, self.derived)

    @property
    def unexplained(self) -> tuple[Contradiction, ...]:
        """Answers against the household's facts that nobody has given a ground for yet."""
        return tuple(item for item in self.contradictions if not self.notes.get(item.code, "").strip())


def current_survey(
    household: Household, round_: Round, status: str, purpose: str = SurveyPurpose.ASSESS
) -> Survey | None:
    """The household's draft or submitted form of the round; the caller has the household from its gate. The draft of a 复核 is its
    handler's alone; a submitted form counts whatever it was filled for."""
    rows = Survey.objects.filter(household=household, round=round_, status=status)
    rows = rows.filter(purpose=purpose) if status == SurveyStatus.DRAFT else rows
    return rows.select_related("score__rubric", "group").first()


def derived_answers(household: Household, round_: Round) -> dict[str, Derived]:
    return derive(round_.rubric.value, facts_for(household, round_.reference_date))


def state_of(household: Household, round_: Round, purpose: str = SurveyPurpose.ASSESS) -> FormState:
    """The draft when there is one, else what a new draft begins as."""
    draft = current_survey(household, round_, SurveyStatus.DRAFT, purpose)
    return state_of_survey(draft, round_) if draft else beginning(household, round_, purpose)


def state_of_survey(survey: Survey, round_: Round) -> FormState:
    remarks, notes = open_remarks(survey)
    return FormState(
        rubric=round_.rubric.value,
        answers=survey.answers,
        version=survey.version,
        remarks=remarks,
        notes=notes,
        derived=derived_answers(survey.household, round_),
        from_facts=frozenset(survey.derived),
        surveyed_on=survey.surveyed_on,
        surveyor_name=survey.surveyor_name,
        saved_at=survey.saved_at,
    )


def beginning(household: Household, round_: Round, purpose: str = SurveyPurpose.ASSESS) -> FormState:
    """A new draft: copy of the submitted form that it will supersede, or the answers that follow from the facts. A 复核 names its
    own surveyor."""
    rubric = round_.rubric.value
    derived = derived_answers(household, round_)
    submitted = current_survey(household, round_, SurveyStatus.SUBMITTED)
    if submitted is None or len(submitted.answers) != len(rubric.indicators):
        ordinals = {code: int(item.option_code.rpartition("-")[2]) for code, item in derived.items()}
        return FormState(rubric, encode(rubric, ordinals), derived=derived, from_facts=frozenset(derived))
    remarks, notes = open_remarks(submitted)
    return FormState(
        rubric, submitted.answers, remarks=remarks, notes=notes, derived=derived, from_facts=frozenset(submitted.derived),
        surveyor_name=submitted.surveyor_name if purpose == SurveyPurpose.ASSESS else "",
    )  # fmt: skip


def open_remarks(survey: Survey) -> tuple[dict[str, str], dict[str, str]]:
    """(remark of each look, ground of each contradicted answer); sealed as one text, it may tell of an illness (ruling 6)."""
    text = reveal(survey, "remarks")
    body = json.loads(text) if text else {}
    return body.get("remarks", {}), body.get("notes", {})


def seal_remarks(survey: Survey, remarks: Mapping[str, str], notes: Mapping[str, str]) -> None:
    body = {"remarks": _filled(remarks), "notes": _filled(notes)}
    seal(survey, "remarks", json.dumps(body, ensure_ascii=False, sort_keys=True) if any(body.values()) else "")


def _filled(texts: Mapping[str, str]) -> dict[str, str]:
    return {code: text.strip() for code, text in texts.items() if text and text.strip()}
