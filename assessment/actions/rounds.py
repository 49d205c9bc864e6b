"""Opening a 识别批次 (rulings 14 and 20)."""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts import roles
from assessment.models import Round, RoundScope, RubricStatus, RubricVersion
from core.actions import Origin, acting
from core.errors import BadInput, Denied
from core.scope import Scope
from villages import dirty


def open_round(
    *, scope: Scope, code: str, name: str, year: int, reference_date: date, rubric_code: str,
    survey_deadline: date | None = None, survey_scope: str = RoundScope.LISTED_AND_APPLIED, origin: Origin | None = None,
) -> Round:  # fmt: skip
    """A round of the caller's county, pinned to a published rubric. BadInput.fields names what is wrong."""
    with acting(scope, "round.open", origin) as act:
        round_ = Round(
            code=code.strip(), name=name.strip(), year=year, reference_date=reference_date, survey_scope=survey_scope,
            survey_deadline=survey_deadline, county_id=_county(scope), rubric=_published(rubric_code), opened_at=timezone.now(),
        )  # fmt: skip
        _check(round_)
        round_.save()
        dirty.mark_county(act, round_.county_id)
        act.audit(
            "round", round_.code, place=round_.county, year=year, reference_date=reference_date, rubric=rubric_code
        )
        act.feed("round", round_.code, place=round_)
    return round_


def _county(scope: Scope) -> int:
    ids = {grant.county_id for grant in scope.grants_for(roles.ROUND_MANAGE) if grant.county_id}
    if not ids:
        raise Denied
    if len(ids) > 1:
        raise BadInput("您在几个县任职，不能确定批次属于哪个县。", fields={"county": ["请用只管一个县的账号。"]})
    return ids.pop()


def _published(code: str) -> RubricVersion:
    version = RubricVersion.objects.filter(code=code, status=RubricStatus.PUBLISHED).first()
    if version is None:
        raise BadInput("没有这个已发布的评估表。", fields={"rubric_code": [f"没有已发布的评估表 {code}。"]})
    return version


def _check(round_: Round) -> None:
    faults: dict[str, list[str]] = {}
    if round_.survey_deadline and round_.survey_deadline < round_.reference_date:
        faults["survey_deadline"] = ["评估截止不能早于基准日。"]
    try:
        round_.full_clean()
    except ValidationError as error:
        faults |= error.message_dict
    if faults:
        raise BadInput("批次的内容有误，没有保存。", fields=faults)
