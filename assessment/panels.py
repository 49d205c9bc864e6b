"""The survey's section of the household page: score, looks, the form as read, revisions and doubts."""

from django.http import HttpRequest
from django.urls import reverse

from accounts import roles
from assessment import selectors, survey_page
from assessment.distance_view import distance_for
from assessment.form_state import current_survey
from assessment.locks import form_fixed
from assessment.models import Round, SurveyStatus
from core.scope import FieldClass, Scope
from households.models import Household

SEALED = (FieldClass.HEALTH, FieldClass.FINANCE)


def household_panel(request: HttpRequest, household: Household) -> tuple[str, dict[str, object]]:
    """Single answers tell of illness and deposits, so the table needs both field classes; score and tier do not."""
    scope = request.scope
    revisions = selectors.revisions(scope, household)
    form = next((row for row in revisions if row.status == SurveyStatus.SUBMITTED and row.score), None)
    round_ = _open_round(scope, household)
    may_read = all(scope.may_see(kind, household) for kind in SEALED)
    draft = current_survey(household, round_, SurveyStatus.DRAFT) if round_ else None
    context: dict[str, object] = {
        "form": form,
        "draft": draft,
        "revisions": revisions,
        "may_read": may_read,
        "may_fill": bool(round_) and scope.may(roles.SURVEY_FILL, household),
        "open_round": round_,
    }
    if form:
        version = form.score.rubric
        rubric = version.value
        context |= {
            "version": version,
            "tier": survey_page.tier_named(rubric, form.score.tier),
            "ruler": survey_page.ruler_of(rubric, form.score.points),
            "distance": distance_for(scope, household, form, form.score),
            "bars": survey_page.look_bars(rubric, form.score.look_points),
            "looks": survey_page.table_of(rubric, form.answers, form.score) if may_read else [],
        }
    said = f"六看 {form.score.points} 分" if form else "六看评估"
    return "assessment/_household_panel.html", {"survey": context, "links": _links(household, context), "jump": ("survey-h", said)}


def survey_step(request: HttpRequest, household: Household) -> tuple[str, str] | None:
    """After the facts: the form, as long as it is not submitted."""
    round_ = _open_round(request.scope, household)
    if round_ is None or not request.scope.may(roles.SURVEY_FILL, household) or current_survey(household, round_, SurveyStatus.SUBMITTED):
        return None
    return "六看评估", reverse("survey", args=[household.code])


def _open_round(scope: Scope, household: Household) -> Round | None:
    return selectors.rounds(scope).open().filter(county_id=household.county_id).order_by("-reference_date", "-pk").first()


def _form_link(household: Household, context: dict[str, object]) -> dict[str, str]:
    """A form that the list has locked or decided on is only read."""
    address, round_ = reverse("survey", args=[household.code]), context["open_round"]
    if context["form"] and (household.hold or (round_ and form_fixed(household.pk, round_))):
        return {"label": "查看评估表", "url": address, "kind": "plain"}
    label = "接着填草稿" if context["draft"] else ("查看或重新评估" if context["form"] else "开始六看评估")
    return {"label": label, "url": address, "kind": "plain" if context["form"] and not context["draft"] else "primary"}


def _links(household: Household, context: dict[str, object]) -> list[dict[str, str]]:
    """Buttons at the head of the page: go on with the form, print it (blank while there is none)."""
    links = []
    if context["may_fill"]:
        links.append(_form_link(household, context))
    if context["form"] and context["may_read"]:
        links.append({"label": "打印评估表", "url": reverse("survey_print", args=[household.code]), "kind": "plain", "icon": "print"})
    if context["open_round"]:
        links.append({"label": "打印空白表", "url": reverse("survey_blank_print", args=[household.code]), "kind": "plain", "icon": "print"})
    return links
