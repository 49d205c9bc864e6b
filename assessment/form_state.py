"""What a survey form holds at a moment: stored draft, copy of the submitted form, or answers that follow from the household's facts.

Reads only. The action stores what this module says a new draft begins as, so that the page and the stored row never differ.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from assessment.answers import chosen, decode, encode, missing
from assessment.derive import Contradiction, Derived, contradictions, derive
from assessment.household_facts import facts_for
from assessment.models import Round, Survey, SurveyPurpose, SurveyStatus
from assessment.rubric import Option, Rubric
from households.models import Household
from households.secrets import reveal, seal


@dataclass(frozen=True)
class FormState:
    """A form as a page shows it. `version` 0 = no draft is stored yet. `followed` names each answer that changed because the
    household's facts did since it was stored, with the label that it had ("" = it had none). `said` are words on the household's own
    doubts, {fingerprint: text}, that wait in the draft for submission."""

    rubric: Rubric
    answers: str
    version: int = 0
    remarks: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    said: Mapping[str, str] = field(default_factory=dict)
    derived: Mapping[str, Derived] = field(default_factory=dict)
    from_facts: frozenset[str] = frozenset()
    surveyed_on: date | None = None
    surveyor_name: str = ""
    saved_at: datetime | None = None
    saved_by: int | None = None
    followed: Mapping[str, str] = field(default_factory=dict)

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
    """A stored form. In a draft the answers taken from facts are what the facts say now; one chosen by hand stays."""
    remarks, notes = open_remarks(survey)
    rubric, derived = round_.rubric.value, derived_answers(survey.household, round_)
    answers, taken = survey.answers, frozenset(survey.derived)
    if survey.status == SurveyStatus.DRAFT:
        answers, taken = _following(rubric, answers, taken, derived)
    return FormState(
        rubric=rubric,
        answers=answers,
        version=survey.version,
        remarks=remarks,
        notes=notes,
        said=open_said(survey),
        derived=derived,
        from_facts=taken,
        surveyed_on=survey.surveyed_on,
        surveyor_name=survey.surveyor_name,
        saved_at=survey.saved_at,
        saved_by=survey.entered_by_id,
        followed=_changed(rubric, survey.answers, answers),
    )


def _following(
    rubric: Rubric, stored: str, taken: frozenset[str], derived: Mapping[str, Derived]
) -> tuple[str, frozenset[str]]:
    """(answers, codes taken from facts): what was taken from facts, or not answered at all, is answered by the facts of today."""
    ordinals = decode(rubric, stored)
    open_to_facts = {code for code in derived if code in taken or ordinals[code] is None}
    ordinals |= {code: ordinal_of(derived[code]) for code in open_to_facts}
    return encode(rubric, ordinals), frozenset(open_to_facts)


def ordinal_of(item: Derived) -> int:
    """The number that the answers string stores for a derived option."""
    return int(item.option_code.rpartition("-")[2])


def _changed(rubric: Rubric, stored: str, now: str) -> dict[str, str]:
    if stored == now:
        return {}
    before, after = chosen(rubric, stored), chosen(rubric, now)
    return {code: before[code].label if before[code] else "" for code in after if before[code] != after[code]}


def beginning(household: Household, round_: Round, purpose: str = SurveyPurpose.ASSESS) -> FormState:
    """A new draft: copy of the submitted form that it will supersede, or the answers that follow from the facts. A 复核 names its
    own surveyor."""
    rubric = round_.rubric.value
    derived = derived_answers(household, round_)
    submitted = current_survey(household, round_, SurveyStatus.SUBMITTED)
    if submitted is None or len(submitted.answers) != len(rubric.indicators):
        ordinals = {code: ordinal_of(item) for code, item in derived.items()}
        return FormState(rubric, encode(rubric, ordinals), derived=derived, from_facts=frozenset(derived))
    remarks, notes = open_remarks(submitted)
    return FormState(
        rubric, submitted.answers, remarks=remarks, notes=notes, derived=derived, from_facts=frozenset(submitted.derived),
        surveyor_name=submitted.surveyor_name if purpose == SurveyPurpose.ASSESS else "",
    )  # fmt: skip


def open_remarks(survey: Survey) -> tuple[dict[str, str], dict[str, str]]:
    """(remark of each look, ground of each contradicted answer); sealed as one text, it may tell of an illness (ruling 6)."""
    body = _body(survey)
    return body.get("remarks", {}), body.get("notes", {})


def open_said(survey: Survey) -> dict[str, str]:
    """{fingerprint: words on that doubt} of a draft. Submission hands them to the doubts; a submitted form has none."""
    return _body(survey).get("said", {})


def _body(survey: Survey) -> dict[str, dict[str, str]]:
    text = reveal(survey, "remarks")
    return json.loads(text) if text else {}


def seal_remarks(survey: Survey, remarks: Mapping[str, str], notes: Mapping[str, str], said: Mapping[str, str] | None = None) -> None:
    body = {"remarks": _filled(remarks), "notes": _filled(notes)} | ({"said": kept} if (kept := _filled(said or {})) else {})
    seal(survey, "remarks", json.dumps(body, ensure_ascii=False, sort_keys=True) if any(body.values()) else "")


def _filled(texts: Mapping[str, str]) -> dict[str, str]:
    return {code: text.strip() for code, text in texts.items() if text and text.strip()}
