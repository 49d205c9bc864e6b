"""疑点: found anew on every save, explained with a reason, opened again; thresholds of a county (brief 3.13)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation

from django.utils import timezone

from accounts import roles
from core.actions import Act, Origin, acting, lock
from core.errors import BadInput, Denied, StaleVersion, WrongState
from core.scope import Scope
from core.text import clean_block
from households.actions.doubt_store import Outcome, Said, settle_households
from households.actions.quality_run import request_county
from households.models import Doubt, DoubtState, Household, QualitySetting
from households.quality import SEVERITY_NAMES, Severity, rules
from households.quality_sources import brought_for
from households.secrets import seal
from households.selectors_findings import findings_of
from households.selectors_quality import county_rules
from villages import dirty
from villages.models import County

LONGEST_NOTE = 400
MOST_AT_ONCE = 50


def sync_household(act: Act, household: Household, said: Mapping[str, str] | None = None) -> Outcome:
    """A step of every action that changes the household, which it holds locked: its doubts become what the facts now say."""
    found = findings_of([household], county_rules(household.county_id))
    found += [] if household.closed_on else brought_for([household.pk])
    return settle_households([household], found, timezone.now(), said=Said(said or {}, act.scope.actor_id))


def close_doubt(*, scope: Scope, uuid: object, version: int, reason: str, origin: Origin | None = None) -> Doubt:
    """说明: why the fact stands although the rule doubts it. An error is mended, not explained."""
    with acting(scope, "doubt.close", origin) as act:
        doubt = _held(scope, uuid)
        _require(scope, doubt)
        if doubt.version != version:
            raise StaleVersion("这条疑点在您打开之后已有变动，请看过再写。")
        _close(act, doubt, _reason(reason))
    return doubt


def close_doubts(*, scope: Scope, uuids: Sequence[object], reason: str, origin: Origin | None = None) -> int:
    """The same word for several doubts of one rule. Returns how many."""
    with acting(scope, "doubt.close", origin) as act:
        text = _reason(reason)
        chosen = Doubt.objects.visible_to(scope).filter(uuid__in=list(uuids)[:MOST_AT_ONCE])
        if chosen.order_by().values("rule").distinct().count() != 1:
            raise BadInput("请勾选同一条规则的疑点，再写说明。", fields={"doubt": ["一次只能说明同一条规则的疑点。"]})
        homes = chosen.exclude(household=None).values_list("household_id", flat=True)
        list(Household.objects.select_for_update(no_key=True).filter(pk__in=list(homes)).order_by("pk"))
        doubts = list(chosen.select_related("village").order_by("pk"))
        for doubt in doubts:
            _close(act, doubt, text)
    return len(doubts)


def reopen_doubt(*, scope: Scope, uuid: object, version: int, origin: Origin | None = None) -> Doubt:
    """重新核实: an explanation that does not hold. What was said stays in view."""
    with acting(scope, "doubt.reopen", origin) as act:
        doubt = _held(scope, uuid)
        _require(scope, doubt)
        if doubt.version != version:
            raise StaleVersion("这条疑点在您打开之后已有变动，请看过再办。")
        if doubt.state != DoubtState.KEPT:
            raise WrongState("只有已说明的疑点可以重新核实。")
        doubt.state, doubt.closed_by_id, doubt.closed_at, doubt.version = DoubtState.OPEN, None, None, doubt.version + 1
        doubt.save()
        dirty.mark(act, [doubt.village_id])
        act.audit("doubt", str(doubt.uuid), place=doubt, rule=doubt.rule)
    return doubt


def _held(scope: Scope, uuid: object) -> Doubt:
    """The doubt, locked after its household: a check of the household waits, or has been."""
    seen = Doubt.objects.visible_to(scope).filter(uuid=uuid).values_list("household_id", flat=True).first()
    if seen:
        lock(Household.objects.visible_to(scope), pk=seen)
    return lock(Doubt.objects.visible_to(scope).select_related("village"), uuid=uuid)


def _close(act: Act, doubt: Doubt, text: str) -> None:
    _require(act.scope, doubt)
    if doubt.severity == Severity.ERROR:
        raise WrongState("这一处必须改，不能只写说明。", reasons=[doubt.message, doubt.remedy])
    if doubt.state != DoubtState.OPEN:
        raise WrongState(f"这条疑点{doubt.get_state_display()}，不用再写说明。")
    seal(doubt, "note", text)
    doubt.state, doubt.closed_by_id, doubt.closed_at, doubt.version = DoubtState.KEPT, act.scope.actor_id, timezone.now(), doubt.version + 1
    doubt.save()
    dirty.mark(act, [doubt.village_id])
    act.audit("doubt", str(doubt.uuid), place=doubt, rule=doubt.rule)


def _require(scope: Scope, doubt: Doubt) -> None:
    if not scope.may(roles.DOUBT_CLOSE, doubt):
        raise Denied


def _reason(text: str) -> str:
    text = clean_block(text)
    if not text:
        raise BadInput("请写明情况。", fields={"reason": ["请写明为什么这样填是对的。"]})
    if len(text) > LONGEST_NOTE:
        raise BadInput("说明太长。", fields={"reason": [f"说明最多 {LONGEST_NOTE} 字，现有 {len(text)} 字。"]})
    return text


def save_thresholds(
    *, scope: Scope, county_code: str, version: int, thresholds: Mapping[str, str], severities: Mapping[str, str], origin: Origin | None = None
) -> QualitySetting:
    """A county's own numbers and severities; only what differs from the defaults is stored. The county is checked again by a job."""
    with acting(scope, "quality.settings", origin) as act:
        county = lock(County.objects.visible_to(scope), code=county_code)
        if not scope.may(roles.COUNTY_SETTINGS, county):
            raise Denied
        row = QualitySetting.objects.filter(county=county).first() or QualitySetting(county=county, version=0)
        if row.version != version:
            raise StaleVersion("疑点规则在您打开之后已被改过，请看过再改。")
        before = [row.thresholds, row.severities]
        row.thresholds, row.severities = _numbers(thresholds), _levels(severities)
        row.version, row.updated_by_id = row.version + 1, scope.actor_id
        row.save()
        act.audit("county", county.code, place=county, before=before, after=[row.thresholds, row.severities])
        if before != [row.thresholds, row.severities]:
            request_county(county, scope.actor_id, "规则改动")
    return row


def _numbers(given: Mapping[str, str]) -> dict[str, str]:
    kept, faults = {}, {}
    for code, text in given.items():
        known = rules.THRESHOLDS.get(code)
        try:
            value = Decimal(text.strip()) if known and text.strip() else None
        except InvalidOperation:
            value = Decimal("NaN")
        if value is not None and (not value.is_finite() or not 0 <= value < 10**8):
            faults[f"limit-{code}"] = [f"{known.title}须为不小于 0 的数，请写成 30000 这样的数字。"]
        elif value is not None and value != known.default:
            kept[code] = format(value.normalize(), "f")
    if faults:
        raise BadInput(f"有 {len(faults)} 处要改，没有保存。", fields=faults)
    return kept


def _levels(given: Mapping[str, str]) -> dict[str, str]:
    allowed = {str(one) for one in SEVERITY_NAMES} | {rules.OFF}
    own = {rule.code: str(rule.severity) for rule in rules.RULES}
    wrong = [code for code, level in given.items() if level and (code not in own or level not in allowed)]
    if wrong:
        raise BadInput("没有这种程度。", fields={f"level-{wrong[0]}": ["请选列出的程度。"]})
    return {code: level for code, level in given.items() if level and level != own[code]}
