"""识别批次: opened, set, closed by the county office (issue 3.1; rulings 14, 19, 20)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet

from accounts import roles
from assessment import clock
from assessment.income_checks import DEPARTURE
from assessment.models import (
    Case,
    Notice,
    NoticeStatus,
    Objection,
    Round,
    RoundScope,
    RoundStatus,
    RubricStatus,
    RubricVersion,
    Sitting,
    SittingStatus,
    Survey,
)
from assessment.procedures import PROCEDURES, Procedure
from assessment.procedures.files import digest_of
from assessment.sampling import LEAST, PERCENT
from core.actions import Origin, acting, lock
from core.errors import BadInput, Denied, WrongState
from core.scope import Scope
from villages import dirty

RESERVED = ("new",)  # /rounds/new/ is a page
LONGEST_NOTICE = 60
PLACES_NAMED = 3
INSPECTION = ("sample_percent", "sample_least", "income_departure")
FIXED_ONCE_BEGUN = {
    "procedure": "程序", "rubric_id": "评估表", "reference_date": "基准日", "survey_scope": "评估范围", "year": "年度",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class RoundSettings:
    """What the county sets. `rubric_code` and the four beside it are fixed once a form or a case exists."""

    name: str
    year: int
    reference_date: date
    rubric_code: str
    survey_scope: str = RoundScope.LISTED_AND_APPLIED
    procedure: str = "qxn"
    survey_deadline: date | None = None
    stage_deadlines: Mapping[str, date] = field(default_factory=dict)
    notice_days: int = 0
    sample_percent: int = PERCENT
    sample_least: int = LEAST
    income_departure: int = DEPARTURE


def open_round(
    *, scope: Scope, code: str, name: str, year: int, reference_date: date, rubric_code: str,
    survey_deadline: date | None = None, survey_scope: str = RoundScope.LISTED_AND_APPLIED, procedure: str = "qxn",
    stage_deadlines: Mapping[str, date] | None = None, notice_days: int = 0, sample_percent: int = PERCENT, sample_least: int = LEAST,
    income_departure: int = DEPARTURE, origin: Origin | None = None,
) -> Round:  # fmt: skip
    """A round of the caller's county, pinned to a published rubric. BadInput.fields names what is wrong."""
    wanted = RoundSettings(
        name,
        year,
        reference_date,
        rubric_code,
        survey_scope,
        procedure,
        survey_deadline,
        stage_deadlines or {},
        notice_days,
        sample_percent,
        sample_least,
        income_departure,
    )
    with acting(scope, "round.open", origin) as act:
        round_ = Round(code=code.strip(), county_id=_county(scope), opened_at=clock.now())
        _apply(round_, wanted)
        round_.save()
        dirty.mark_county(act, round_.county_id)
        act.audit("round", round_.code, place=round_.county, **_said(round_))
        act.feed("round", round_.code, place=round_)
    return round_


def change_round(*, scope: Scope, round_code: str, settings: RoundSettings, origin: Origin | None = None) -> Round:
    """New settings of an open round; the trail keeps what changed. Raises NotFound, Denied, WrongState (closed), BadInput."""
    with acting(scope, "round.settings", origin) as act:
        round_ = _locked(scope, round_code)
        before = _said(round_)
        fixed = {name: getattr(round_, name) for name in FIXED_ONCE_BEGUN} if has_begun(round_) else {}
        _apply(round_, settings, fixed)
        round_.save()
        changed = {name: value for name, value in _said(round_).items() if value != before[name]}
        if changed.keys() & {"reference_date", "year", "rubric"}:  # no figure hangs on deadlines
            dirty.mark_county(act, round_.county_id)
        act.audit(
            "round", round_.code, place=round_.county, before={name: before[name] for name in changed}, after=changed
        )
        act.feed("round", round_.code, place=round_)
    return round_


def close_round(*, scope: Scope, round_code: str, origin: Origin | None = None) -> Round:
    """The round ends when nothing waits in it any more; else WrongState names how many and where. Its list and tables stay readable."""
    with acting(scope, "round.close", origin) as act:
        round_ = _locked(scope, round_code)
        _require_nothing_waits(round_)
        act.recheck(lambda: _require_nothing_waits(round_))
        round_.status, round_.closed_at = RoundStatus.CLOSED, clock.now()
        round_.save(update_fields=["status", "closed_at"])
        cases = Case.objects.filter(round=round_).count()
        act.audit("round", round_.code, place=round_.county, counts={"households": cases})
        act.feed("round", round_.code, place=round_)
    return round_


def _require_nothing_waits(round_: Round) -> None:
    waiting = what_waits(round_)
    if waiting:
        raise WrongState("批次里还有没办完的事，不能结束。", code="round_has_open_work", reasons=waiting)


def has_begun(round_: Round) -> bool:
    """From the first form on, what it was filled by stays: answers are stored by the rubric's order, ages by the reference date."""
    return Survey.objects.filter(round=round_).exists() or Case.objects.filter(round=round_).exists()


def what_waits(round_: Round) -> list[str]:
    """Chinese sentences: how many live cases, open meetings, notices and objections, and where. Empty = the round may close."""
    open_notices = (NoticeStatus.PREPARING, NoticeStatus.OPEN)
    sources = (
        (Case.objects.filter(round=round_).live(), "户还没有办结"),
        (Sitting.objects.filter(round=round_, status=SittingStatus.OPEN), "场会议还没有结束"),
        (Notice.objects.filter(round=round_, status__in=open_notices), "份公示还没有期满"),
        (Objection.objects.filter(round=round_).open(), "件异议还没有办结"),
    )
    return [sentence for rows, words in sources if (sentence := _sentence(rows, words))]


def _sentence(rows: QuerySet, words: str) -> str:
    found = list(
        rows.order_by()
        .values_list("village__township__name", "village__name")
        .annotate(n=Count("pk"))
        .order_by("-n", "village__name")
    )
    if not found:
        return ""
    names = "、".join(f"{township}{_short(village)} {n}" for township, village, n in found[:PLACES_NAMED])
    more = f" 等 {len(found)} 个村" if len(found) > PLACES_NAMED else ""
    return f"{sum(row[2] for row in found)} {words}：{names}{more}。"


def _short(village: str) -> str:
    """桐子园村村民委员会 → 桐子园村."""
    return village.removesuffix("村民委员会").removesuffix("居民委员会")


def _locked(scope: Scope, code: str) -> Round:
    round_ = lock(Round.objects.visible_to(scope), code=code)
    if not scope.may(roles.ROUND_MANAGE, round_):
        raise Denied
    if round_.status != RoundStatus.OPEN:
        raise WrongState(f"{round_.name}已经结束，不能再改。", code="round_closed")
    return round_


def _county(scope: Scope) -> int:
    ids = {grant.county_id for grant in scope.grants_for(roles.ROUND_MANAGE) if grant.county_id}
    if not ids:
        raise Denied
    if len(ids) > 1:
        raise BadInput("您在几个县任职，不能确定批次属于哪个县。", fields={"county": ["请用只管一个县的账号。"]})
    return ids.pop()


def _apply(round_: Round, wanted: RoundSettings, fixed: Mapping[str, object] | None = None) -> None:
    """Set, check everything, name every fault at once."""
    faults: dict[str, list[str]] = {}
    if wanted.procedure not in PROCEDURES:
        raise BadInput("没有这个程序。", fields={"procedure": [f"没有程序 {wanted.procedure}。"]})
    round_.rubric, pinned = _rubric(wanted.rubric_code, round_), round_.procedure
    for name in ("year", "reference_date", "survey_scope", "procedure", "survey_deadline", "notice_days", *INSPECTION):
        setattr(round_, name, getattr(wanted, name))
    round_.name = wanted.name.strip()
    procedure = PROCEDURES[wanted.procedure]
    if not round_.procedure_digest or procedure.code != pinned:
        round_.procedure_digest = digest_of(procedure)
    round_.kind = procedure.kinds[0]
    round_.stage_deadlines = {code: day.isoformat() for code, day in wanted.stage_deadlines.items() if day}
    for name, value in (fixed or {}).items():
        if getattr(round_, name) != value:
            field_name = "rubric_code" if name == "rubric_id" else name
            faults[field_name] = [f"已经有评估表，{FIXED_ONCE_BEGUN[name]}不能再改。"]
    faults |= (
        _deadline_faults(round_, procedure, wanted)
        | _notice_faults(procedure, wanted.notice_days)
        | _code_faults(round_)
    )
    try:
        round_.full_clean()
    except ValidationError as error:
        faults |= error.message_dict
    if faults:
        raise BadInput("批次的内容有误，没有保存。", fields=faults)


def _rubric(code: str, round_: Round) -> RubricVersion:
    """A published one, or the one that the round has: a rubric that was retired meanwhile stays with it."""
    if round_.pk and round_.rubric.code == code:
        return round_.rubric
    version = RubricVersion.objects.filter(code=code, status=RubricStatus.PUBLISHED).first()
    if version is None:
        raise BadInput("没有这个已发布的评估表。", fields={"rubric_code": [f"没有已发布的评估表 {code}。"]})
    return version


def _deadline_faults(round_: Round, procedure: Procedure, wanted: RoundSettings) -> dict[str, list[str]]:
    """Days in the order of the stages; a stage may be left without one."""
    faults: dict[str, list[str]] = {}
    if wanted.survey_deadline and wanted.survey_deadline < wanted.reference_date:
        faults["survey_deadline"] = ["评估截止不能早于基准日。"]
    unknown = [code for code in wanted.stage_deadlines if code not in procedure.by_code]
    if unknown:
        faults["stage_deadlines"] = ["有的截止日期不属于这个程序的阶段。"]
    latest, name = wanted.survey_deadline or wanted.reference_date, "评估截止" if wanted.survey_deadline else "基准日"
    for stage in procedure.stages:
        day = wanted.stage_deadlines.get(stage.code)
        if day is None:
            continue
        if day < latest:
            faults[f"deadline_{stage.code}"] = [
                f"{stage.name}的截止不能早于{name}（{latest.year}年{latest.month}月{latest.day}日）。"
            ]
        else:
            latest, name = day, f"{stage.name}的截止"
    return faults


def _notice_faults(procedure: Procedure, days: int) -> dict[str, list[str]]:
    """0 = as the procedure says; a county may only make it longer (ruling 19)."""
    least = max((stage.notice.days for stage in procedure.stages if stage.notice), default=0)
    if days and days < least:
        return {"notice_days": [f"{procedure.name}公示 {least} 天，只能更长，不能更短。"]}
    return {"notice_days": [f"最多 {LONGEST_NOTICE} 天。"]} if days > LONGEST_NOTICE else {}


def _code_faults(round_: Round) -> dict[str, list[str]]:
    return {"code": ["这个批次号系统自用，请换一个。"]} if round_.code.lower() in RESERVED else {}


def _said(round_: Round) -> dict[str, object]:
    """The settings in the trail's words."""
    procedure = PROCEDURES[round_.procedure]
    deadlines = {stage.name: day for stage in procedure.stages if (day := round_.stage_deadlines.get(stage.code))}
    return {
        "name": round_.name, "year": round_.year, "reference_date": round_.reference_date, "rubric": round_.rubric.code,
        "procedure": procedure.name, "survey_scope": RoundScope(round_.survey_scope).label,
        "survey_deadline": round_.survey_deadline, "deadlines": deadlines, "days": round_.notice_days,
        **{name: getattr(round_, name) for name in INSPECTION},
    }  # fmt: skip
