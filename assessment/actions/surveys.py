"""Drafts and submission of the 六看 form (rulings 4, 8, 9, 11, 16)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.db.models import F, Max
from django.utils import timezone

from accounts import roles
from assessment.actions.cases import open_cases
from assessment.actions.locking import wait_for_first_meetings
from assessment.answer_doubts import said_of
from assessment.answers import AnswersError, decode, encode
from assessment.form_state import FormState, beginning, current_survey, seal_remarks, state_of_survey
from assessment.locks import form_fixed
from assessment.models import (
    Objection,
    ObjectionStatus,
    Round,
    RoundStatus,
    Score,
    Survey,
    SurveyPurpose,
    SurveyStatus,
)
from assessment.rubric import Rubric
from assessment.scoring import score
from assessment.selectors_objections import purpose_of
from core.actions import Act, Origin, acting, lock, once
from core.errors import BadInput, Denied, NotFound, Replayed, StaleVersion, WrongState
from core.scope import Scope
from households.actions.quality import sync_household
from households.models import Household
from households.selectors_cohorts import cohorts_of
from households.selectors_findings import Standing, standing_of
from villages import dirty

LONGEST_TEXT = 400


@dataclass(frozen=True)
class Conflict:
    """What a stale save met: the stored version, who saved it when, and for each thing typed that differs both values as
    (name, stored, typed, box of the form). Nobody (""): there is no draft any more, as it has been `submitted`."""

    version: int
    rows: tuple[tuple[str, str, str, str], ...] = ()
    by: str = ""
    at: datetime | None = None
    submitted: datetime | None = None


@dataclass
class _Entry:
    """What a page sends: only what it shows, the rest of the draft stays."""

    answers: Mapping[str, str] = field(default_factory=dict)
    remarks: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    surveyed_on: date | None = None
    surveyor_name: str = ""
    seen: Mapping[str, str] = field(default_factory=dict)
    said: Mapping[str, str] = field(default_factory=dict)

    def untouched(self, state: FormState, code: str) -> bool:
        """The page showed this answer as the facts' own and nobody changed it there: it goes on following the facts."""
        return code in state.from_facts and bool(self.answers[code]) and self.seen.get(code) == self.answers[code]

    def is_dated_as(self, state: FormState) -> bool:
        """Date and surveyor, where the page sends them, are the stored ones."""
        return self.surveyed_on in (None, state.surveyed_on) and self.surveyor_name in ("", state.surveyor_name)


def save_draft(
    *, scope: Scope, household_code: str, round_code: str, answers: Mapping[str, str], remarks: Mapping[str, str] | None = None,
    notes: Mapping[str, str] | None = None, surveyed_on: date | None = None, surveyor_name: str = "", version: int = 0,
    seen: Mapping[str, str] | None = None, explanations: Mapping[str, str] | None = None, origin: Origin | None = None,
) -> Survey:  # fmt: skip
    """Store what was typed; an option code of "" clears an answer, an indicator left out is kept. Drafts are not audited (ruling 31).

    `seen` is what the page showed as following from the facts: {indicator: option code}. An answer equal to it was not touched by hand.
    `explanations` are words on the household's own doubts, {fingerprint: text}; they wait in the draft for its submission.

    `version` is the draft's version that the caller saw, 0 when there was none; another one raises StaleVersion with a Conflict, unless
    all that was typed is what is stored: then the draft comes back as it is.
    """
    entry = _Entry(answers, remarks or {}, notes or {}, surveyed_on, surveyor_name.strip(), seen or {}, explanations or {})
    with acting(scope, "survey.draft", origin):
        household, round_, purpose = _open_form(scope, household_code, round_code)
        rubric = round_.rubric.value
        _check_entry(rubric, entry, round_)
        draft = current_survey(household, round_, SurveyStatus.DRAFT, purpose)
        state = state_of_survey(draft, round_) if draft else beginning(household, round_, purpose)
        if state.version != version:
            conflict = _conflict(rubric, state, entry, draft)
            if draft and not conflict.rows and entry.is_dated_as(state):
                return draft  # a save sent again because its answer was lost, or a colleague's of the same words: nothing to decide
            if draft is None and (done := current_survey(household, round_, SurveyStatus.SUBMITTED, purpose)):
                conflict = replace(conflict, submitted=done.submitted_at)
            raise StaleVersion("这份评估表在您打开之后已在别处保存过。", conflict=conflict)
        draft = draft or _new_draft(household, round_, scope, purpose)
        _fill(draft, state, entry, scope, _known(household, state, entry))
        draft.save()
    return draft


def submit_survey(
    *, scope: Scope, household_code: str, round_code: str, version: int, explanations: Mapping[str, str] | None = None, key: str = "",
    origin: Origin | None = None,
) -> Survey:  # fmt: skip
    """Submit the stored draft: freeze, score, supersede the form it replaces, all in one transaction.

    `explanations` are remarks on the household's own doubts, {fingerprint: text}, over those that the draft has kept. BadInput.fields names
    every unanswered indicator, every contradiction without a ground, every doubt that must be mended and every one without a remark; a 复核
    is only warned of those.
    """
    try:
        with acting(scope, "survey.submit", origin) as act:
            home = Household.objects.visible_to(scope).filter(code=household_code)
            wait_for_first_meetings(round_code, home.values_list("village_id", flat=True))
            household, round_, purpose = _open_form(scope, household_code, round_code)
            remember = once(scope, "survey.submit", key, [household_code, round_code])
            draft = current_survey(household, round_, SurveyStatus.DRAFT, purpose)
            if draft is None:
                raise WrongState("这一户没有可提交的草稿，可能已经提交过。", code="no_draft")
            state = state_of_survey(draft, round_)
            if draft.version != version:
                raise StaleVersion("这份评估表在您打开之后已在别处保存过。", conflict=Conflict(draft.version, (), *_last_hand(draft)))
            said = {mark: text.strip() for mark, text in {**state.said, **(explanations or {})}.items() if text.strip()}
            _require_complete(state, [] if purpose == SurveyPurpose.REVIEW else standing_of(household), said)
            draft.answers, draft.derived = state.answers, sorted(state.from_facts)
            seal_remarks(draft, state.remarks, state.notes)
            survey = _submit(draft, household, round_, state, timezone.now())
            if purpose == SurveyPurpose.REVIEW:
                _attach_review(act, survey, scope)
            else:
                open_cases(act, round_, [survey], survey.submitted_at)
            sync_household(act, household, said)
            _leave_traces(act, survey, household, round_)
            remember(str(survey.uuid))
    except Replayed as earlier:
        return Survey.objects.visible_to(scope).select_related("score").get(uuid=earlier.object_code)
    return survey


def _open_form(scope: Scope, household_code: str, round_code: str) -> tuple[Household, Round, str]:
    """Household (locked: all writers of its forms queue here), open round and purpose, after gate, right and state. Whoever handles
    an objection fills a 复核 form of the very household that it holds; nobody else fills one, and no other form of it (ruling 19)."""
    household = lock(Household.objects.visible_to(scope), code=household_code)
    purpose = purpose_of(scope, household, round_code)
    if purpose == SurveyPurpose.ASSESS and not scope.may(roles.SURVEY_FILL, household):
        raise Denied
    round_ = (
        Round.objects.visible_to(scope)
        .select_related("rubric")
        .filter(code=round_code, county_id=household.county_id)
        .first()
    )
    if round_ is None:
        raise NotFound
    if round_.status != RoundStatus.OPEN:
        raise WrongState(f"{round_.name}已经结束，不能再填评估表。", code="round_closed")
    if purpose == SurveyPurpose.REVIEW:
        return household, round_, purpose
    if household.hold:
        reasons = [household.hold_reason, "要改评估表，须先办变更。"]
        raise WrongState("这一户已锁定，评估表不能改动。", code="household_held", reasons=reasons)
    if household.closed_on:
        raise WrongState("这一户已销户，不能再填评估表。", code="household_closed")
    if fixed := form_fixed(household.pk, round_):
        raise WrongState(f"{fixed}。", code="form_fixed")
    return household, round_, purpose


def _check_entry(rubric: Rubric, entry: _Entry, round_: Round) -> None:
    faults: dict[str, list[str]] = {}
    for code, option in entry.answers.items():
        item = rubric.by_code.get(code)
        if item is None:
            faults[code] = ["评估表没有这一项。"]
        elif option and option not in {known.code for known in item.options}:
            faults[code] = [f"{item.name}没有这个选项。"]
    looks = {look.code for look in rubric.looks}
    for texts, known in ((entry.remarks, looks), (entry.notes, rubric.by_code)):
        for code, text in texts.items():
            if code not in known:
                faults[code] = ["评估表没有这一项。"]
            elif len(text) > LONGEST_TEXT:
                faults[code] = [f"说明最多 {LONGEST_TEXT} 字，现有 {len(text)} 字。"]
    for mark, text in entry.said.items():
        if len(text.strip()) > LONGEST_TEXT:
            faults[f"doubt-{mark}"] = [f"说明最多 {LONGEST_TEXT} 字，现有 {len(text.strip())} 字。"]
    if len(entry.surveyor_name) > 64:
        faults["surveyor_name"] = ["调查员姓名最多 64 字。"]
    if entry.surveyed_on and entry.surveyed_on > timezone.localdate():
        faults["surveyed_on"] = ["调查日期不能晚于今天。"]
    if faults:
        raise BadInput("评估表的内容有误，没有保存。", fields=faults)


def _last_hand(draft: Survey | None) -> tuple[str, datetime | None]:
    return (draft.entered_by.name if draft.entered_by_id else "", draft.saved_at) if draft else ("", None)


def _conflict(rubric: Rubric, state: FormState, entry: _Entry, draft: Survey | None) -> Conflict:
    stored, rows = state.chosen, []
    for code, typed in entry.answers.items():
        item, there = rubric.by_code[code], stored[code]
        if typed != (there.code if there else "") and not entry.untouched(state, code):
            said = next((option.label for option in item.options if option.code == typed), "未选")
            rows.append((item.name, there.label if there else "未选", said, code))
    names = {look.code: f"{look.name}说明" for look in rubric.looks}
    for code, text in entry.remarks.items():
        if text.strip() != state.remarks.get(code, ""):
            rows.append((names[code], state.remarks.get(code, "") or "未填", text.strip() or "未填", f"remark-{code}"))
    for code, text in entry.notes.items():
        if text.strip() != state.notes.get(code, ""):
            name, stored_note = f"{rubric.by_code[code].name}的依据", state.notes.get(code, "")
            rows.append((name, stored_note or "未填", text.strip() or "未填", f"note-{code}"))
    for mark, text in entry.said.items():
        if text.strip() != state.said.get(mark, ""):
            rows.append(("疑点的情况说明", state.said.get(mark, "") or "未填", text.strip() or "未填", f"doubt-{mark}"))
    return Conflict(state.version, tuple(rows), *_last_hand(draft))


def _known(household: Household, state: FormState, entry: _Entry) -> dict[str, str]:
    """Words on doubts: those kept before, with what the page sent of doubts that stand."""
    standing = {row.mark for row in standing_of(household)} if any(mark not in state.said for mark in entry.said) else set()
    return {**state.said, **{mark: text for mark, text in entry.said.items() if mark in standing or mark in state.said}}


def _new_draft(household: Household, round_: Round, scope: Scope, purpose: str) -> Survey:
    """One draft a household: a 复核 takes the place of one that the village left when the list was locked; nobody can submit that."""
    if purpose == SurveyPurpose.REVIEW:
        Survey.objects.filter(household=household, round=round_, status=SurveyStatus.DRAFT).delete()
    last = Survey.objects.filter(household=household, round=round_).aggregate(last=Max("revision"))["last"] or 0
    return Survey(
        round=round_, household=household, county_id=household.county_id, township_id=household.township_id,
        village_id=household.village_id, group_id=household.group_id, revision=last + 1, version=0,
        status=SurveyStatus.DRAFT, purpose=purpose, entered_by_id=scope.actor_id,
    )  # fmt: skip


def _fill(draft: Survey, state: FormState, entry: _Entry, scope: Scope, said: Mapping[str, str]) -> None:
    ordinals = decode(state.rubric, state.answers)
    for code, option in entry.answers.items():
        if not entry.untouched(state, code):
            ordinals[code] = int(option.rpartition("-")[2]) if option else None
    try:
        draft.answers = encode(state.rubric, ordinals)
    except AnswersError as error:
        raise BadInput("评估表的答案有误，没有保存。", reasons=[str(error)]) from error
    kept = {code for code in state.from_facts if code in state.derived}
    draft.derived = sorted(code for code in kept if f"{code}-{ordinals[code]}" == state.derived[code].option_code)
    seal_remarks(draft, {**state.remarks, **entry.remarks}, {**state.notes, **entry.notes}, said)
    draft.surveyed_on = entry.surveyed_on or state.surveyed_on
    draft.surveyor_name = entry.surveyor_name or state.surveyor_name or scope.actor_label
    draft.entered_by_id = scope.actor_id
    draft.editors = sorted({*draft.editors, scope.actor_id} - {None})
    draft.version += 1
    draft.saved_at = timezone.now()


def _require_complete(state: FormState, standing: Sequence[Standing], said: Mapping[str, str]) -> None:
    names = state.rubric.by_code
    faults = {code: [f"{code} {names[code].name}：还没有选。"] for code in state.missing}
    for item in state.unexplained:
        faults[item.code] = [f"{item.code} {names[item.code].name}：{said_of(item)}，请改选或写明依据。"]
    if state.surveyed_on is None:
        faults["surveyed_on"] = ["请填调查日期。"]
    if not state.surveyor_name:
        faults["surveyor_name"] = ["请填调查员。"]
    for row in standing:
        if row.blocks:
            faults[f"doubt-{row.mark}"] = [f"{row.finding.message}。{row.finding.remedy}"]
        elif row.asks and row.mark not in said:
            faults[f"doubt-{row.mark}"] = [f"{row.finding.message}。请改正，或在下面写明情况。"]
        elif len(said.get(row.mark, "")) > LONGEST_TEXT:
            faults[f"doubt-{row.mark}"] = [f"说明最多 {LONGEST_TEXT} 字，现有 {len(said[row.mark])} 字。"]
    if faults:
        raise BadInput(f"还有 {len(faults)} 处要处理，处理完才能提交。", code="incomplete", fields=faults)


def _submit(draft: Survey, household: Household, round_: Round, state: FormState, now: datetime) -> Survey:
    """Supersede first, then submit: at most one submitted form at every moment. The score row names the form, so it comes last.
    A 复核 supersedes nothing: the county's word on the objection does."""
    review = draft.purpose == SurveyPurpose.REVIEW
    if not review:
        Survey.objects.filter(round=round_, household=household, status=SurveyStatus.SUBMITTED).update(
            status=SurveyStatus.SUPERSEDED, version=F("version") + 1
        )
    result = score(state.rubric, draft.answers)
    for name in ("county_id", "township_id", "village_id", "group_id", "persons", "attribute", "cause"):
        setattr(draft, name, getattr(household, name))
    draft.people = cohorts_of([household.pk], round_.reference_date)[household.pk]
    draft.household_version = household.version
    draft.look_points = ",".join(map(str, result.looks))
    draft.surveyor_id = (
        draft.entered_by_id if draft.entered_by and draft.entered_by.name == draft.surveyor_name else None
    )
    draft.status = SurveyStatus.REVIEW if review else SurveyStatus.SUBMITTED
    draft.submitted_at, draft.version = now, draft.version + 1
    draft.save()
    draft.score = Score.objects.create(
        survey=draft, rubric=round_.rubric, rubric_digest=round_.rubric.digest, points=result.points,
        look_points=draft.look_points, tier=result.tier.code, at=now,
    )  # fmt: skip
    draft.save(update_fields=["score"])
    return draft


def _attach_review(act: Act, survey: Survey, scope: Scope) -> None:
    """The 复核 belongs to every objection to the household that the caller is looking into."""
    act.name = "objection.review"
    handled = Objection.objects.filter(
        household_id=survey.household_id, round_id=survey.round_id, status=ObjectionStatus.HANDLING, handler_id=scope.actor_id
    )
    for objection in handled.select_related("village"):
        objection.review, objection.version = survey, objection.version + 1
        objection.save(update_fields=["review", "version"])
        act.feed("objection", objection.code, place=objection)


def _leave_traces(act: Act, survey: Survey, household: Household, round_: Round) -> None:
    dirty.mark(act, [survey.village_id])
    act.audit(
        "survey", household.code, place=survey, round=round_.code, revision=survey.revision, rubric=round_.rubric.code,
        points=survey.score.points, tier=survey.score.tier,
    )  # fmt: skip
    act.feed("survey", f"{household.code}@{round_.code}", place=survey)
