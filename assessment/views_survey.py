"""The 六看 form: six looks one after another, review, submission, and the printed form. Works without scripts."""

from dataclasses import replace
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts import roles
from assessment import facts_panel, selectors, survey_page
from assessment.actions.surveys import Conflict, save_draft, submit_survey
from assessment.doubts_review import doubt_rows, explanations_of
from assessment.form_state import FormState, current_survey, open_remarks, open_said, state_of
from assessment.locks import why_fixed
from assessment.models import Round, Survey, SurveyPurpose, SurveyStatus
from assessment.selectors_objections import purpose_of, reviewing
from assessment.selectors_photos import counts_of
from assessment.survey_page import REVIEW
from core.actions import record
from core.errors import BadInput, Denied, DomainError, NotFound, StaleVersion
from core.scope import FieldClass
from core.web.errors import status_of
from core.web.middleware import origin_of
from core.web.pages import page
from core.web.way_back import carrying, way_back
from households.models import Household
from households.selectors_doubts import doubts_about


@page(roles.HOUSEHOLD_VIEW, "GET HEAD POST")
def survey(request: HttpRequest, code: str) -> HttpResponse:
    """One look of the draft, or the submitted form to read; POST saves what the page holds and goes on."""
    household, round_ = _open(request, code)
    if request.method == "POST":
        return _save(request, household, round_)
    review = reviewing(request.scope, household, round_.code)
    submitted = None if review else current_survey(household, round_, SurveyStatus.SUBMITTED)
    if submitted and (why_fixed(household, round_) or not _draft(request, household, round_)):
        return _read_only(request, household, round_, submitted)
    return _step(request, household, round_, _state(request, household, round_), request.GET.get("look", ""))


@page(roles.HOUSEHOLD_VIEW, "POST")
def survey_again(request: HttpRequest, code: str) -> HttpResponse:
    """重新评估: a new draft as a copy of the submitted form."""
    household, round_ = _open(request, code)
    if _draft(request, household, round_) is None:
        save_draft(
            scope=request.scope,
            household_code=code,
            round_code=round_.code,
            answers={},
            version=0,
            origin=origin_of(request),
        )
    return redirect(_address(request, household, round_, round_.rubric.value.looks[0].code))


@page(roles.HOUSEHOLD_VIEW, "POST")
def survey_submit(request: HttpRequest, code: str) -> HttpResponse:
    """Save what the review page holds, then submit; what is missing is listed with the way to it."""
    household, round_ = _open(request, code)
    key, version = request.POST.get("key", "")[:64], None
    try:
        _require_facts_as_seen(request, household, round_)
        version = _saved_version(request, household, round_)
        done = submit_survey(
            scope=request.scope,
            household_code=code,
            round_code=round_.code,
            version=version,
            explanations=explanations_of(request.POST),
            key=key,
            origin=origin_of(request),
        )
    except BadInput as error:
        state = survey_page.typed_over(_state(request, household, round_), request.POST)
        state = state if version is None else replace(state, version=version)
        return _step(request, household, round_, state, REVIEW, error)
    except StaleVersion as error:
        return _stale(request, household, round_, error)
    if done.purpose == SurveyPurpose.REVIEW and (review := reviewing(request.scope, household, round_.code)):
        messages.success(request, f"{household.head_name}户的复核评估表已提交；县里定案之前，原来的评估表不变。")
        return redirect("objection", review.code)
    messages.success(request, f"{household.head_name}户的评估表已提交，第 {done.revision} 版。")
    return redirect(way_back(request) or reverse("household", args=[code]))


@page(roles.HOUSEHOLD_VIEW)
def survey_print(request: HttpRequest, code: str) -> HttpResponse:
    """The filled form on A4, with the answers that tell of illness and deposits: an audited reading."""
    household = selectors.household_of(request.scope, code)
    if not all(request.scope.may_see(kind, household) for kind in (FieldClass.HEALTH, FieldClass.FINANCE)):
        raise Denied
    round_ = selectors.round_of(request.scope, household, request.GET.get("round", ""))
    found = current_survey(household, round_, SurveyStatus.SUBMITTED) or current_survey(
        household, round_, SurveyStatus.DRAFT
    )
    if found is None:
        raise NotFound("这一户在这个批次还没有评估表，可以先打印空白表。")
    record(
        request.scope,
        "survey.print",
        origin_of(request),
        "survey",
        code,
        place=household,
        round=round_.code,
        revision=found.revision,
    )
    version = found.score.rubric if found.score else round_.rubric
    rubric = version.value
    context = {
        "form": found, "version": version, "score": found.score, "remarks": open_remarks(found)[0],
        "looks": survey_page.table_of(rubric, found.answers, found.score),
        "tier": survey_page.tier_named(rubric, found.score.tier) if found.score else None,
    }  # fmt: skip
    return _paper(request, household, round_, context)


@page(roles.HOUSEHOLD_VIEW)
def survey_blank_print(request: HttpRequest, code: str) -> HttpResponse:
    household = selectors.household_of(request.scope, code)
    round_ = selectors.round_of(request.scope, household, request.GET.get("round", ""))
    rubric = round_.rubric.value
    looks = survey_page.table_of(rubric, "-" * len(rubric.indicators), None)
    # The blank sheet is asked from: it hides the points where the county hides them.
    context = {"version": round_.rubric, "looks": looks, "blank": True, "hide_points": household.county.hide_score}
    return _paper(request, household, round_, context)


def _paper(request: HttpRequest, household: Household, round_: Round, context: dict[str, object]) -> HttpResponse:
    context |= survey_page.frame(request, household, round_)
    context["is_default"] = context["version"].code.startswith("LKF-DEFAULT")
    return render(request, "assessment/print_survey.html", context)


def _open(request: HttpRequest, code: str) -> tuple[Household, Round]:
    """Out of the area is 404, in it without the right to fill is 403. Who handles an objection fills the 复核 form of its household."""
    household = selectors.household_of(request.scope, code)
    wanted = request.POST.get("round", "") if request.method == "POST" else request.GET.get("round", "")
    round_ = selectors.round_of(request.scope, household, wanted or request.GET.get("round", ""))
    if not request.scope.may(roles.SURVEY_FILL, household) and not reviewing(request.scope, household, round_.code):
        raise Denied
    return household, round_


def _draft(request: HttpRequest, household: Household, round_: Round) -> Survey | None:
    purpose = purpose_of(request.scope, household, round_.code)
    return current_survey(household, round_, SurveyStatus.DRAFT, purpose)


def _state(request: HttpRequest, household: Household, round_: Round) -> FormState:
    return state_of(household, round_, purpose_of(request.scope, household, round_.code))


def _address(request: HttpRequest, household: Household, round_: Round, look: str) -> str:
    named = f"&round={round_.code}" if request.GET.get("round") else ""
    return carrying(reverse("survey", args=[household.code]) + f"?look={look}{named}", way_back(request))


def _save(request: HttpRequest, household: Household, round_: Round) -> HttpResponse:
    quiet = "X-Autosave" in request.headers
    look = request.POST.get("look", "")
    try:
        saved = _store(request, household, round_)
    except DomainError as error:
        if quiet:
            return JsonResponse({"error": error.message, "fields": error.fields}, status=status_of(error))
        if isinstance(error, StaleVersion):
            return _stale(request, household, round_, error)
        if isinstance(error, BadInput):
            state = survey_page.typed_over(_state(request, household, round_), request.POST)
            return _step(request, household, round_, state, look, error)
        raise
    if quiet:
        return JsonResponse({"version": saved.version, "saved_at": f"{timezone.localtime(saved.saved_at):%H:%M:%S}"})
    wanted = request.POST.get("go", "next")
    known = {one.code for one in round_.rubric.value.looks}
    if away := survey_page.way_out(household, round_, look if look in known else "", wanted, way_back(request)):
        return redirect(away)
    then, place = survey_page.stays_at(round_.rubric.value, look, wanted)
    return redirect(_address(request, household, round_, then) + place)


def _store(request: HttpRequest, household: Household, round_: Round):
    entry = survey_page.entry_of(request.POST, round_.rubric.value)
    return save_draft(
        scope=request.scope, household_code=household.code, round_code=round_.code, answers=entry.answers, remarks=entry.remarks,
        notes=entry.notes, surveyed_on=entry.surveyed_on, surveyor_name=entry.surveyor_name,
        version=survey_page.version_of(request.POST), seen=entry.seen, explanations=entry.said, origin=origin_of(request),
    )  # fmt: skip


def _require_facts_as_seen(request: HttpRequest, household: Household, round_: Round) -> None:
    """An answer that follows the facts may have changed after the review page was opened: it is shown before it is submitted."""
    state = _state(request, household, round_)
    if state.version == survey_page.version_of(request.POST) and request.POST.get("answers", state.answers) != state.answers:
        rows = survey_page.followed_rows(state)
        said = [f"{name}：{before or '未选'} → {now}" for name, before, now in rows]
        raise BadInput("户信息刚改过，下面的答案随着变了，请核对后再提交。", code="facts_changed", reasons=said)


def _saved_version(request: HttpRequest, household: Household, round_: Round) -> int:
    """The version to submit. Date, surveyor and words on doubts are stored first, so that a refusal loses none of them, unless they are
    what the draft has: the same submission sent twice must be the same request."""
    version = survey_page.version_of(request.POST)
    draft = _draft(request, household, round_)
    entry = survey_page.entry_of(request.POST, round_.rubric.value)
    if draft is None:
        return version
    kept, words = open_said(draft), {mark: text.strip() for mark, text in entry.said.items()}
    same_words = all(kept.get(mark, "") == text for mark, text in words.items())
    if same_words and (draft.surveyed_on, draft.surveyor_name) == (entry.surveyed_on, entry.surveyor_name.strip()):
        return draft.version if _is_own_store(request, draft) else version
    return _store(request, household, round_).version


def _is_own_store(request: HttpRequest, draft: Survey) -> bool:
    """The draft is as the review page showed it and was saved last by the caller: the store of an earlier press whose answer was lost."""
    return draft.entered_by_id == request.scope.actor_id and request.POST.get("answers") == draft.answers


def _step(
    request: HttpRequest,
    household: Household,
    round_: Round,
    state: FormState,
    look_code: str,
    error: BadInput | None = None,
) -> HttpResponse:
    rubric = round_.rubric.value
    hidden = household.county.hide_score
    look = next((look for look in rubric.looks if look.code == look_code), None)
    if look is None and look_code != REVIEW:
        look = rubric.looks[0]
    here = look.code if look else REVIEW
    context = survey_page.frame(request, household, round_) | {
        "state": state,
        "bar": survey_page.bar_of(state, here, hidden=hidden),
        "error": error,
        "error_rows": survey_page.error_rows(error, rubric, here, partial(_address, request, household, round_)),
        "summary": facts_panel.summary_of(household),
        "replaces": current_survey(household, round_, SurveyStatus.SUBMITTED),
        "review": reviewing(request.scope, household, round_.code),
        "followed": survey_page.followed_rows(state),
        "elsewhere": "" if request.method == "POST" else survey_page.open_elsewhere(request, household, state),
        "may_edit": request.scope.may(roles.HOUSEHOLD_EDIT, household),
    }
    status = status_of(error) if error else 200
    if look is None:
        context |= {"photos": counts_of(household, round_).total(), "to_do": survey_page.to_do(state), "key": request.request_id, "doubts": doubt_rows(household, request.POST, state.said)}
        return render(request, "assessment/survey_review.html", context, status=status)
    after = survey_page.look_after(rubric, look.code)
    context |= {
        "look": look,
        "after": after,
        "ahead": survey_page.look_ahead(context["bar"], look.code),
        "remark": state.remarks.get(look.code, ""),
        "questions": survey_page.questions_of(state, look, hidden=hidden),
        "begin": "" if error or context["elsewhere"] else next((item.code for item in look.indicators if not state.chosen[item.code]), ""),
        "photos": counts_of(household, round_)[look.code],
        "facts": facts_panel.facts_of(request.scope, household, look, state, round_.reference_date),
        "next_name": next((survey_page.short_name(item.name) for item in rubric.looks if item.code == after), "核对并提交"),
    }
    return render(request, "assessment/survey.html", context, status=status)


def _stale(request: HttpRequest, household: Household, round_: Round, error: StaleVersion) -> HttpResponse:
    """Both values side by side, and what was typed is still on the page."""
    conflict = error.conflict or Conflict(0)
    skipped = ("csrfmiddlewaretoken", "version", "go", "key")
    kept = [(name, value) for name, value in request.POST.items() if name not in skipped]
    context = survey_page.frame(request, household, round_) | {
        "error": error,
        "conflict": conflict,
        "kept": kept,
        "look_url": _address(request, household, round_, request.POST.get("look", "")),
    }
    return render(request, "assessment/survey_stale.html", context, status=status_of(error))


def _read_only(request: HttpRequest, household: Household, round_: Round, form) -> HttpResponse:
    version = form.score.rubric if form.score else round_.rubric
    remarks, notes = open_remarks(form)
    context = survey_page.frame(request, household, round_) | {
        "form": form,
        "version": version,
        "looks": survey_page.table_of(version.value, form.answers, form.score),
        "tier": survey_page.tier_named(version.value, form.score.tier),
        "remarks": remarks,
        "doubts": doubts_about(request.scope, household),
        "fixed": why_fixed(household, round_),
    }
    return render(request, "assessment/survey_submitted.html", context)
