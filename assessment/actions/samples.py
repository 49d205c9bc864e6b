"""随机抽查: households drawn by a seed of the server, visited again, what was found (D4-07, D6-09; issue 5.2).

A sample is not drawn again to one's liking: another draw is a further sample with a reason, from those not drawn yet, and a meeting that
is cancelled and held anew keeps what was drawn.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone

from accounts.models import User
from assessment import clock
from assessment.actions.casework import facts_of
from assessment.actions.sitting_steps import lock_case, locked_sitting, place_in, require_open, waiting
from assessment.masking import scan
from assessment.models import Case, Recheck, Sample, SampleLine, Sitting
from assessment.procedures import Stage
from assessment.rechecks import DIFFERS, MISSED, OUTCOMES, change_faults, scored_again
from assessment.recusal import kin_on_panel
from assessment.sampling import SEED_BYTES, digest_of, draw, frame_rows
from assessment.selectors_samples import Drawn, least_size, sampled
from core.actions import Act, Origin, acting, once
from core.errors import BadInput, Replayed, StaleVersion, WrongState
from core.scope import Scope
from households.fields import INCOME
from households.secrets import seal

SHORTEST_REASON, LONGEST_REASON, LONGEST_NOTE, LONGEST_NAME = 4, 200, 400, 32
FEWEST_VISITORS, MOST_VISITORS = 2, 10
NOT_DRAWN, NOT_SAVED = "没有抽。", "复核结果没有保存。"
STALE = "这一户已有别人记下复核结果，请看过再记。"


def draw_sample(*, scope: Scope, sitting: str, size: int | None = None, reason: str = "", key: str = "", origin: Origin | None = None) -> Sample:
    """Draw from the households that wait here and were not drawn yet. `size` None = the least that the round asks for.

    Raises NotFound, Denied, WrongState (not open, nothing left to draw), BadInput (`size` under the least of a first sample or over
    what there is; `reason` of a further one). The same `key` is the same sample.
    """
    try:
        with acting(scope, "sample.draw", origin) as act:
            row, _ = locked_sitting(scope, sitting)
            remember = once(scope, "sample.draw", key, [sitting, size, reason])
            require_open(row)
            _require_inspects(place_in(row)[1])
            earlier = sampled(row)
            known = {drawn.case.pk for drawn in earlier.drawn}
            cases = {case.household.code: case for case in _waiting(row) if case.pk not in known}
            least = least_size(row.round, len(cases))
            wanted = least if size is None else size
            _check_draw(len(cases), wanted, least, reason.strip(), further=bool(earlier.samples))
            sample = _draw(scope, row, cases, wanted, reason.strip(), 1 + max((one.number for one in earlier.samples), default=0))
            _bump(row)
            act.audit(
                "sample", str(sample.uuid), place=row, round=row.round.code, stage=place_in(row)[1].name, sitting=str(row.uuid),
                number=sample.number, seed=sample.seed, digest=sample.digest, households=sample.size,
            )  # fmt: skip
            act.feed("sitting", str(row.uuid), place=row)
            remember(str(sample.uuid))
    except Replayed as earlier_one:
        return Sample.objects.visible_to(scope).get(uuid=earlier_one.object_code)
    return sample


def _require_inspects(stage: Stage) -> None:
    if not stage.inspects:
        raise WrongState(f"{stage.name}不作抽查和算账，由乡镇一级的审核办理。", code="not_inspected")


def _waiting(sitting: Sitting) -> list[Case]:
    return list(waiting(sitting).select_related("household", "survey__score", "score").order_by("household__code"))


def _check_draw(there: int, wanted: int, least: int, reason: str, *, further: bool) -> None:
    if not there:
        raise WrongState("名单上的户都已抽到。" if further else "名单上没有户，不能抽查。", code="nothing_to_draw")
    faults: dict[str, list[str]] = {}
    lowest = 1 if further else least
    if not lowest <= wanted <= there:
        faults["size"] = [f"须在 {lowest} 至 {there} 户之间。"]
    if further and len(reason) < SHORTEST_REASON:
        faults["reason"] = [f"已经抽过；再抽一次须写明理由，至少 {SHORTEST_REASON} 字。原来抽的不作废。"]
    elif len(reason) > LONGEST_REASON:
        faults["reason"] = [f"最多 {LONGEST_REASON} 字，现有 {len(reason)} 字。"]
    elif scan(reason):
        faults["reason"] = ["理由不写证件号码、电话和病情。"]
    if faults:
        raise BadInput(NOT_DRAWN, fields=faults)


def _draw(scope: Scope, sitting: Sitting, cases: Mapping[str, Case], size: int, reason: str, number: int) -> Sample:
    frame = {code: _tier(case) for code, case in cases.items()}
    rows = frame_rows(frame)
    sample = Sample.objects.create(
        sitting=sitting, county_id=sitting.county_id, township_id=sitting.township_id, village=sitting.village, number=number,
        seed=secrets.token_hex(SEED_BYTES), size=size, frame=rows, digest=digest_of(rows), reason=reason, by_id=scope.actor_id, at=clock.now(),
    )  # fmt: skip
    codes = draw(frame, sample.seed, size)
    SampleLine.objects.bulk_create([SampleLine(sample=sample, case=cases[code], position=place) for place, code in enumerate(codes, 1)])
    return sample


def _tier(case: Case) -> str:
    score = case.score or (case.survey.score if case.survey_id else None)
    return score.tier if score else ""


def _bump(sitting: Sitting) -> None:
    """Who was about to close has not seen this: the errors are known before the verdict."""
    sitting.version += 1
    sitting.save(update_fields=["version"])


# --- what was found -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RecheckEntry:
    """One re-visit as typed. `changes` = indicator → option code of what differs; `visitors` are names of the 清查组."""

    outcome: str
    visited_on: date | None
    visitors: Sequence[str] = ()
    changes: Mapping[str, str] = field(default_factory=dict)
    income_lines: Sequence[str] = ()
    note: str = ""


def record_recheck(
    *, scope: Scope, sitting: str, case: str, seen: int, entry: RecheckEntry, key: str = "", origin: Origin | None = None
) -> Recheck:
    """What the visitors found in a household that was drawn. `seen` = how many results the caller saw there.

    Raises NotFound (not on the list), Denied, WrongState (not open, not drawn, the caller made this household's form), StaleVersion,
    BadInput by field: outcome, visited_on, visitors, changes-<indicator>, income_lines, note.
    """
    try:
        with acting(scope, "sample.result", origin) as act:
            row, _ = locked_sitting(scope, sitting)
            remember = once(scope, "sample.result", key, [sitting, case, seen, str(entry)])
            require_open(row)
            home = lock_case(row, case)
            drawn = sampled(row).of(home.pk)
            if drawn is None:
                raise WrongState(f"{home.household.head_name}不在抽查的样本里，没有保存。", code="not_drawn")
            if drawn.seen != seen:
                raise StaleVersion(STALE)
            makers = facts_of([home])[home.pk].makers
            if scope.actor_id in makers:
                raise WrongState("您在本批次录入或修改过这一户，不能复核它；请换一个账号记录。", code="maker")
            _check_entry(row, home, drawn, entry, makers)
            made = _recheck(scope, home, drawn, entry)
            _bump(row)
            _leave_traces(act, row, home, made)
            remember(str(made.uuid))
    except Replayed as earlier:
        return Recheck.objects.get(uuid=earlier.object_code)
    return made


def _check_entry(sitting: Sitting, case: Case, drawn: Drawn, entry: RecheckEntry, makers: frozenset[int]) -> None:
    faults = _shape_faults(case, drawn, entry)
    if sentence := _visitor_fault(sitting, case, [name.strip() for name in entry.visitors], makers):
        faults["visitors"] = [sentence]
    day, first = entry.visited_on, timezone.localdate(drawn.line.sample.at)
    if day is None or not first <= day <= timezone.localdate(clock.now()):
        faults["visited_on"] = [f"请填入户日期，在抽查的那天（{first:%Y-%m-%d}）到今天之间。"]
    if faults:
        raise BadInput(NOT_SAVED, fields=faults)


def _shape_faults(case: Case, drawn: Drawn, entry: RecheckEntry) -> dict[str, list[str]]:
    faults: dict[str, list[str]] = {}
    if entry.outcome not in dict(OUTCOMES):
        return {"outcome": ["请选择复核结果。"]}
    note, named = entry.note.strip(), bool(entry.changes or entry.income_lines)
    if entry.changes and case.survey_id:
        survey = case.survey
        found = change_faults(survey.score.rubric.value, survey.answers, entry.changes)
        faults |= {f"changes-{code}": [sentence] for code, sentence in found.items()}
    elif entry.changes:
        faults["outcome"] = ["这一户没有提交的评估表，不能改正答案；有出入的写在说明里。"]
    if unknown := set(entry.income_lines) - set(INCOME.named):
        faults["income_lines"] = [f"收入表里没有这 {len(unknown)} 项，请刷新页面重选。"]
    if entry.outcome == DIFFERS and not named and not note:
        faults["outcome"] = ["有出入的，请指出是哪一项答案或收入，或写在说明里。"]
    elif entry.outcome != DIFFERS and named:
        word = dict(OUTCOMES)[entry.outcome]
        faults["outcome"] = [f"选了“{word}”，却又改了答案或收入项；有出入的请选“有出入”。"]
    if len(note) > LONGEST_NOTE:
        faults["note"] = [f"说明最多 {LONGEST_NOTE} 字，现有 {len(note)} 字。"]
    elif not note and (entry.outcome == MISSED or drawn.seen):
        faults["note"] = ["请写明去了几次、向谁了解。" if entry.outcome == MISSED else "已经记过结果；改记的请写明为什么，原来的仍保留。"]
    return faults


def _visitor_fault(sitting: Sitting, case: Case, names: Sequence[str], makers: frozenset[int]) -> str:
    """Two at the least, of the 清查组 where the stage has one; none who filled in the form, none of the household."""
    stage = place_in(sitting)[1]
    panel = {str(member.get("name", "")).strip() for member in sitting.panel}
    if len(set(names) - {""}) < FEWEST_VISITORS:
        return f"复核的人至少 {FEWEST_VISITORS} 名。"
    if len(names) > MOST_VISITORS or any(len(name) > LONGEST_NAME or scan(name) for name in names):
        return f"最多 {MOST_VISITORS} 名，每个姓名最多 {LONGEST_NAME} 字，不写号码。"
    if stage.panel and (strangers := [name for name in names if name not in panel]):
        return f"{'、'.join(strangers)}不是这次会议的{stage.panel.name}成员；请先在会议情况里填好{stage.panel.name}。"
    wrote = {*User.objects.filter(pk__in=makers).values_list("name", flat=True), case.survey.surveyor_name if case.survey_id else ""}
    if own := [name for name in names if name in wrote]:
        return f"{'、'.join(own)}调查、录入或修改过这一户，不能复核它。"
    kin = kin_on_panel(sitting, [case.household_id]).get(case.household_id, ())
    if home := [name for name in names if name in kin]:
        return f"{'、'.join(home)}与这一户的人同名，请由其他成员复核。"
    return ""


def _recheck(scope: Scope, case: Case, drawn: Drawn, entry: RecheckEntry) -> Recheck:
    made = Recheck(
        line=drawn.line, pass_no=case.pass_no, visited_on=entry.visited_on, visitors=[name.strip() for name in entry.visitors],
        outcome=entry.outcome, survey=case.survey, changes=dict(entry.changes), income_lines=list(entry.income_lines),
        by_id=scope.actor_id, at=clock.now(),
    )  # fmt: skip
    if case.survey_id and entry.outcome != MISSED:
        before = case.score or case.survey.score
        made.points_before, made.tier_before = before.points, before.tier
        again = scored_again(before.rubric.value, case.survey.answers, entry.changes) if entry.outcome == DIFFERS else before
        made.points, made.tier = again.points, again.tier
    seal(made, "note", entry.note.strip())
    made.save()
    return made


def _leave_traces(act: Act, sitting: Sitting, case: Case, made: Recheck) -> None:
    """That there was a difference and what it does to the tier; which answers they were stays out of the trail."""
    act.audit(
        "case", case.household.code, place=sitting, round=sitting.round.code, stage=place_in(sitting)[1].name, sitting=str(sitting.uuid),
        outcome=made.get_outcome_display(), points=made.points, tier=made.tier,
    )  # fmt: skip
    act.feed("sitting", str(sitting.uuid), place=sitting)
