"""Drafts and submission of the 六看 form (rulings 4, 8, 9, 11, 16)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import F, Max
from django.utils import timezone

from accounts import roles
from assessment.actions.cases import open_cases
from assessment.actions.locking import wait_for_first_meetings
from assessment.answers import AnswersError, decode, encode
from assessment.derive import Contradiction
from assessment.form_state import FormState, beginning, current_survey, seal_remarks, state_of_survey
from assessment.locks import form_fixed
from assessment.models import (
    Doubt,
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
from households.models import Household
from villages import dirty

LONGEST_TEXT = 400
LONGEST_MESSAGE = 200


@dataclass(frozen=True)
class Conflict:
    """What a stale save met: the stored version and, for each thing typed that differs, both values as (name, stored, typed)."""

    version: int
    rows: tuple[tuple[str, str, str], ...] = ()


@dataclass
class _Entry:
    """What a page sends: only what it shows, the rest of the draft stays."""

    answers: Mapping[str, str] = field(default_factory=dict)
    remarks: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    surveyed_on: date | None = None
    surveyor_name: str = ""


def save_draft(
    *, scope: Scope, household_code: str, round_code: str, answers: Mapping[str, str], remarks: Mapping[str, str] | None = None,
    notes: Mapping[str, str] | None = None, surveyed_on: date | None = None, surveyor_name: str = "", version: int = 0,
    origin: Origin | None = None,
) -> Survey:  # fmt: skip
    """Store what was typed; an option code of "" clears an answer, an indicator left out is kept. Drafts are not audited (ruling 31).

    `version` is the draft's version that the caller saw, 0 when there was none; another one raises StaleVersion with a Conflict.
    """
    entry = _Entry(answers, remarks or {}, notes or {}, surveyed_on, surveyor_name.strip())
    with acting(scope, "survey.draft", origin):
        household, round_, purpose = _open_form(scope, household_code, round_code)
        rubric = round_.rubric.value
        _check_entry(rubric, entry, round_)
        draft = current_survey(household, round_, SurveyStatus.DRAFT, purpose)
        state = state_of_survey(draft, round_) if draft else beginning(household, round_, purpose)
        if state.version != version:
            raise StaleVersion("这份评估表在您打开之后已在别处保存过。", conflict=_conflict(rubric, state, entry))
        draft = draft or _new_draft(household, round_, scope, purpose)
        _fill(draft, state, entry, scope)
        draft.save()
    return draft


def submit_survey(
    *, scope: Scope, household_code: str, round_code: str, version: int, key: str = "", origin: Origin | None = None
) -> Survey:
    """Submit the stored draft: freeze, score, supersede the form it replaces, all in one transaction.

    BadInput.fields names every unanswered indicator and every contradiction without a ground.
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
                raise StaleVersion("这份评估表在您打开之后已在别处保存过。", conflict=Conflict(draft.version))
            _require_complete(state)
            survey = _submit(draft, household, round_, state, timezone.now())
            if purpose == SurveyPurpose.REVIEW:
                _attach_review(act, survey, scope)
            else:
                open_cases(act, round_, [survey], survey.submitted_at)
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
    if len(entry.surveyor_name) > 64:
        faults["surveyor_name"] = ["调查员姓名最多 64 字。"]
    if entry.surveyed_on and entry.surveyed_on > timezone.localdate():
        faults["surveyed_on"] = ["调查日期不能晚于今天。"]
    if faults:
        raise BadInput("评估表的内容有误，没有保存。", fields=faults)


def _conflict(rubric: Rubric, state: FormState, entry: _Entry) -> Conflict:
    stored, rows = state.chosen, []
    for code, typed in entry.answers.items():
        item, there = rubric.by_code[code], stored[code]
        if typed != (there.code if there else ""):
            said = next((option.label for option in item.options if option.code == typed), "未选")
            rows.append((item.name, there.label if there else "未选", said))
    names = {look.code: f"{look.name}说明" for look in rubric.looks}
    for code, text in entry.remarks.items():
        if text.strip() != state.remarks.get(code, ""):
            rows.append((names[code], state.remarks.get(code, "") or "未填", text.strip() or "未填"))
    for code, text in entry.notes.items():
        if text.strip() != state.notes.get(code, ""):
            rows.append(
                (f"{rubric.by_code[code].name}的依据", state.notes.get(code, "") or "未填", text.strip() or "未填")
            )
    return Conflict(state.version, tuple(rows))


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


def _fill(draft: Survey, state: FormState, entry: _Entry, scope: Scope) -> None:
    ordinals = decode(state.rubric, state.answers)
    for code, option in entry.answers.items():
        ordinals[code] = int(option.rpartition("-")[2]) if option else None
    try:
        draft.answers = encode(state.rubric, ordinals)
    except AnswersError as error:
        raise BadInput("评估表的答案有误，没有保存。", reasons=[str(error)]) from error
    kept = {code for code in state.from_facts if code in state.derived}
    draft.derived = sorted(code for code in kept if f"{code}-{ordinals[code]}" == state.derived[code].option_code)
    seal_remarks(draft, {**state.remarks, **entry.remarks}, {**state.notes, **entry.notes})
    draft.surveyed_on = entry.surveyed_on or state.surveyed_on
    draft.surveyor_name = entry.surveyor_name or state.surveyor_name or scope.actor_label
    draft.entered_by_id = scope.actor_id
    draft.editors = sorted({*draft.editors, scope.actor_id} - {None})
    draft.version += 1
    draft.saved_at = timezone.now()


def _require_complete(state: FormState) -> None:
    names = state.rubric.by_code
    faults = {code: [f"{code} {names[code].name}：还没有选。"] for code in state.missing}
    for item in state.unexplained:
        faults[item.code] = [f"{item.code} {names[item.code].name}：{_sentence(item)}，请改选或写明依据。"]
    if state.surveyed_on is None:
        faults["surveyed_on"] = ["请填调查日期。"]
    if not state.surveyor_name:
        faults["surveyor_name"] = ["请填调查员。"]
    if faults:
        raise BadInput(f"还有 {len(faults)} 处要处理，处理完才能提交。", code="incomplete", fields=faults)


def _sentence(item: Contradiction) -> str:
    return f"表上填“{item.answer_label}”，按户信息应为“{item.derived_label}”：{item.reason}"


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
    place = {"county_id": draft.county_id, "township_id": draft.township_id, "village_id": draft.village_id}
    Doubt.objects.bulk_create(
        Doubt(
            survey=draft, indicator=item.code, message=_sentence(item)[:LONGEST_MESSAGE],
            created_at=now, **place,
        )
        for item in state.contradictions
    )  # fmt: skip
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
