"""三对面三签字 and the household's own papers: a section of the household page (B-19; A8-13)."""

from datetime import date

from django.http import HttpRequest
from django.urls import reverse

from accounts import roles
from assessment.models import Case, Round
from assessment.selectors_consent import missing_papers
from assessment.selectors_signing import Share, first_meeting, signed_share
from core.scope import Scope
from households.models import Household
from households.paper_context import context_of
from households.selectors_papers import Mark, lines_of, needed, paper_marks


def consent_panel(request: HttpRequest, household: Household) -> tuple[str, dict[str, object]]:
    context = context_of(household)
    needs = needed(lines_of(request.scope, household, context), context)
    faces, signed = paper_marks(needs)
    case = _case(request.scope, household)
    round_ = case.round if case else Round.objects.filter(code=context.round_code).first()
    if round_ is not None:
        faces.append(_met(case, round_))
        signed.append(_group_signed(household, round_))
    shown = {
        "marks": [("三对面", faces), ("三签字", signed)], "done": sum(mark.done for mark in (*faces, *signed)), "household": household,
        "missing": missing_papers(round_, [case]).get(case.pk, ()) if case and round_ else (), "papers": sum(need.newest is not None for need in needs),
        "signing": reverse("signing", args=[round_.code, household.group.code]) if round_ and household.group_id else "",
    }  # fmt: skip
    unsigned = sum(need.newest is None for need in needs) if context.survey_revision and request.scope.may(roles.PAPER_SIGN, household) else 0
    link = {"label": f"请本户签字（{unsigned} 份）" if unsigned else "证件材料", "url": reverse("household_papers", args=[household.code]), "kind": "primary" if unsigned else "plain"}
    return "assessment/_consent_panel.html", {"consent": shown, "links": [link], "jump": ("consent-h", f"签字 {shown['done']}/6")}


def _case(scope: Scope, household: Household) -> Case | None:
    """The live case, else the newest; none for a caller who may not see lists."""
    if not scope.may(roles.LIST_VIEW, household):
        return None
    rows = Case.objects.visible_to(scope).filter(household=household).select_related("round", "survey__score")
    cases = list(rows.order_by("-round__reference_date", "-pk"))
    return next((case for case in cases if case.state in ("open", "held")), cases[0] if cases else None)


def _met(case: Case | None, round_: Round) -> Mark:
    meeting = first_meeting(round_, case.group_id) if case else None
    return Mark("群众评议面对面", meeting is not None, f"{_day(meeting.held_on)}评议" if meeting else "本组还没有评议")


def _day(day: date | None) -> str:
    return f"{day:%Y-%m-%d} " if day else ""


def _group_signed(household: Household, round_: Round) -> Mark:
    name = "本组三分之二以上农户签字"
    if household.group is None:
        return Mark(name, False, "这一户未分组")
    share: Share = signed_share(round_, household.group)
    return Mark(name, share.met, f"{share.signed} / {share.total} 户" + ("" if share.met else f"，还差 {share.missing} 户"))
