"""What the pages of 逐户排队 show, from the meeting's docket: whose sheets are there, the queue with its line, what it leads to. Presentation only."""

from collections import Counter
from collections.abc import Mapping, Sequence

from django.http import QueryDict
from django.urls import reverse

from assessment.docket import Docket, Line
from assessment.forms_ranking import ORDER, Typed
from assessment.meeting import default_category, list_mark
from assessment.models import Case, RankingSheet, SittingStatus, TieBreak
from assessment.procedures.model import POOR
from assessment.ranked_list import (
    Fill,
    RankedList,
    fresh_places,
    list_of,
    own_households,
    tie_at,
    why_not_filled,
)
from assessment.ranking import Standing, missing_sentences, shown
from assessment.ranking_entry import STEPS_BACK
from assessment.recusal import kin_on_panel
from core.errors import NotFound
from core.scope import FieldClass, Scope
from households.codes import TIER
from households.secrets import reveal

CODE_TAIL = 4
LEFT, WIDTH = 3, 94
"""Where place 1 and the last place stand in a drawing 100 wide."""
STATES = {"agree": "done", "return": "back", "reject": "no", "": "todo"}
JOINT_NAME = "小组合排"


def queue_of(table: Docket) -> RankedList:
    """NotFound where the meeting has no queue."""
    if table.queue is None or table.sitting.status == SittingStatus.DROPPED:
        raise NotFound("这次会议不排队，或已取消。")
    return table.queue


# --- whose sheets -----------------------------------------------------------------------------------------------


def sheet_lines(found: RankedList) -> list[dict[str, object]]:
    """Scorers in the order of the panel, then sheets of those who are no longer there."""
    uuid, lacks = found.sitting.uuid, dict(found.queue.missing)
    lines = [_sheet_line(uuid, found, seat, scorer, lacks.get(scorer, ())) for seat, scorer in seats(found)]
    following = next((line for line in lines if line["state"] != "done"), None)
    if following:
        following["next"] = True
    gone = [name for name in found.sheets if name not in found.queue.scorers]
    return lines + [
        {"name": name or JOINT_NAME, "gone": True, "version": found.sheets[name].version, "scorer": name, "state": "back", "word": "没有到会，不计"}
        for name in gone
    ]  # fmt: skip


def seats(found: RankedList) -> list[tuple[int, str]]:
    """(number in the address, scorer): the number on the panel, 0 for the panel as one."""
    if found.joint:
        return [(0, name) for name in found.queue.scorers]
    panel = [str(member.get("name", "")).strip() for member in found.sitting.panel]
    return [(panel.index(name) + 1, name) for name in found.queue.scorers]


def _sheet_line(uuid: object, found: RankedList, seat: int, scorer: str, lacks: Sequence[str]) -> dict[str, object]:
    sheet, whole = found.sheets.get(scorer), len(found.cases)
    done = whole - len(lacks)
    word, state = ("已排完", "done") if not lacks else (("还没有排", "todo") if not done else (f"还缺 {len(lacks)} 户", "doing"))
    return {
        "name": scorer or JOINT_NAME, "url": reverse("sitting_ranking_sheet", args=[uuid, seat]), "word": word, "state": state, "done": done,
        "whole": whole, "sheet": sheet, "lacks": [found.names[case] for case in lacks] if done else [],
    }  # fmt: skip


# --- the queue --------------------------------------------------------------------------------------------------


def queue_rows(table: Docket, found: RankedList, plan: Mapping[str, str]) -> list[dict[str, object]]:
    """From the best off to the worst off; `line` stands before the first household that is taken."""
    lines, cases = {str(line.case.uuid): line for line in table.lines}, {str(case.uuid): case for case in found.cases}
    whole, base = len(found.queue.rows), reverse("sitting", args=[found.sitting.uuid])
    rows = []
    for number, row in enumerate(found.queue.rows):
        below = None if found.taken is None else number >= whole - found.taken
        rows.append(_queue_row(found, row, cases[row.case], lines.get(row.case), below) | {
            "line": found.taken is not None and number == whole - found.taken, "take": whole - number, "url": f"{base}?case={row.case}",
            "why": plan.get(row.case, ""),
        })  # fmt: skip
    return rows


def _queue_row(found: RankedList, row: Standing, case: Case, line: Line | None, below: bool | None) -> dict[str, object]:
    tier, opinion = found.tiers.get(row.case, ""), line.opinion if line else ""
    return {
        "order": row.order, "rank": row.rank, "tied": row.tied > 1, "decided": row.decided, "name": case.household.head_name,
        "tail": case.household.code[-CODE_TAIL:], "total": shown(row.total), "places": [STEPS_BACK if p is None else shown(p) for p in row.places],
        "spread": shown(row.spread), "split": found.queue.is_split(row), "points": line.points if line else None, "tier": tier.lower(),
        "tier_name": TIER.items.get(tier, ""), "below": below, "conflict": "" if below is None else found.conflict(row.case, below=below),
        "kind": "" if below is None else list_of(case, below=below).value, "word": (line.word if line else "") or "未填", "state": STATES[opinion],
        "changed": line.category_name if line and line.opinion == "agree" and line.changed else "", "svg": _drawn(found, row),
    }  # fmt: skip


def _drawn(found: RankedList, row: Standing) -> dict[str, object]:
    """Where the scorers put the household: a dot each, a bar from the highest to the lowest, a mark at their mean."""
    there = [place for place in row.places if place is not None]
    mean = sum(there) / len(there)
    at = [f"{_x(place, len(found.cases)):.1f}" for place in there]
    low, high = _x(min(there), len(found.cases)), _x(max(there), len(found.cases))
    return {"dots": at, "low": f"{low:.1f}", "wide": f"{max(high - low, 0.5):.1f}", "mean": f"{_x(mean, len(found.cases)):.1f}", "says": shown(mean)}


def _x(place, whole: int) -> float:
    return LEFT + WIDTH * (float(place) - 1) / max(whole - 1, 1)


def results_of(found: RankedList, rows: Sequence[Mapping[str, object]]) -> dict[str, object]:
    """Both lists of the one meeting, and how often score and queue part (A9-03)."""
    kinds = Counter(str(row["kind"]) for row in rows if row["kind"])
    parted = [row for row in rows if row["conflict"]]
    return {
        "kinds": [{"name": name, "count": kinds[name]} for name in ("贫困户", "脱贫户", "未列入贫困户") if kinds[name] or name == "贫困户"],
        "parted": len(parted), "parted_open": sum(1 for row in parted if row["word"] == "未填"), "parted_changed": sum(1 for row in parted if row["changed"]),
        "parted_kept": sum(1 for row in parted if row["state"] == "done" and not row["changed"]), "apart": shown(found.queue.apart), "split": sum(1 for row in rows if row["split"]), "poor": sum(1 for tier in found.tiers.values() if tier in POOR),
    }  # fmt: skip


def fill_plan(table: Docket, found: RankedList) -> dict[str, str]:
    """Case uuid → why 按排队结果填意见 leaves it alone; "" where it fills in."""
    if not (table.open and found.drawn):
        return {}
    kin = kin_on_panel(found.sitting, [line.case.household_id for line in table.lines])
    return {
        str(line.case.uuid): why_not_filled(
            Fill(
                table.stage.words.of(line.ballot.opinion) if line.ballot else "", line.stale, line.refused, default_category(line.case), line.rank,
                kin.get(line.case.household_id, ()), line.lacking, line.excluded,
            )
        )
        for line in table.lines
    }  # fmt: skip


def tie_form(found: RankedList, taken: int, data: QueryDict | None = None) -> dict[str, object] | None:
    """The households that the line would part, to be put in order; None when it parts none."""
    if not found.queue.complete or not (cases := tie_at(found, taken)):
        return None
    data, at = data or QueryDict(), len(found.queue.rows) - taken
    above = sum(1 for row in found.queue.rows[:at] if row.case in cases)
    return {
        "taken": taken, "count": len(cases), "above": above, "below": len(cases) - above,
        "rows": [{"field": f"{ORDER}{case}", "name": found.names[case], "value": data.get(f"{ORDER}{case}", "")} for case in cases],
        "reason": data.get("reason", ""), "votes_for": data.get("votes_for", ""), "votes_against": data.get("votes_against", ""),
    }  # fmt: skip


def tie_lines(scope: Scope, found: RankedList) -> list[dict[str, object]]:
    """Decisions between equals that count now; grounds may tell of an illness."""
    reads, now = scope.may_see(FieldClass.HEALTH, found.sitting), {row.case for row in found.queue.rows if row.decided}
    latest: dict[frozenset[str], TieBreak] = {frozenset(tie.cases): tie for tie in found.ties}
    return [
        {
            "names": [found.names[case] for case in tie.cases], "votes": f"{tie.votes_for} : {tie.votes_against or 0}" if tie.votes_for is not None else "",
            "reason": reveal(tie, "reason") if reads else ("（理由不在您可查看的范围内）" if tie.reason_enc else ""), "by": tie.by.name, "at": tie.at,
        }
        for key, tie in latest.items() if key <= now
    ]  # fmt: skip


def page_of(scope: Scope, table: Docket) -> dict[str, object]:
    """The whole overview, without forms."""
    found = queue_of(table)
    plan = fill_plan(table, found)
    rows = queue_rows(table, found, plan)
    return {
        "found": found, "sheets": sheet_lines(found), "rows": rows, "results": results_of(found, rows) if rows else None, "ties": tie_lines(scope, found),
        "fill": {"yes": sum(1 for why in plan.values() if not why), "no": sum(1 for why in plan.values() if why)} if plan else None,
        "lacks": missing_sentences(found.queue, found.names), "shows_places": 1 < len(found.queue.counted) <= 9, "whole": len(found.cases),
        "cut": len(rows) - found.taken if found.taken is not None else None,
    }  # fmt: skip


# --- one sheet --------------------------------------------------------------------------------------------------


def seat_of(found: RankedList, seat: int) -> str:
    """The scorer of this number; NotFound for a seat that nobody ranks from."""
    scorer = dict(seats(found)).get(seat)
    if scorer is None:
        raise NotFound("没有这张排队表：成员没有到会，或排法已换。")
    return scorer


def sheet_of(found: RankedList, scorer: str, typed: Typed | None) -> dict[str, object]:
    """A scorer's sheet: stored, or as typed. A place from before a household came back is shown beside its empty box."""
    sheet = found.sheets.get(scorer)
    own = own_households(found.sitting, found.cases, scorer)
    boxes = typed.boxes if typed else _stored(found, sheet)
    same = typed.same if typed else frozenset(sheet.namesakes if sheet else ())
    faults = typed.faults if typed else {}
    places = sheet.places if sheet else {}
    rows = [
        {
            "number": number, "uuid": key, "name": case.household.head_name, "tail": case.household.code[-CODE_TAIL:], "persons": case.household.persons,
            "value": boxes.get(key, ""), "own": key in own, "same": key in same, "faults": faults.get(key, ()),
            "was": places.get(key, "") if not boxes.get(key) else "",
        }
        for number, case in enumerate(found.cases, 1)
        for key in [str(case.uuid)]
    ]  # fmt: skip
    return {
        "rows": rows, "scorer": scorer, "scorer_name": scorer or JOINT_NAME, "stored": sheet, "mark": list_mark(found.cases), "whole": len(rows),
        "version": sheet.version if sheet else 0, "filled": sum(1 for row in rows if row["value"]), "bulk": typed.bulk if typed else "",
        "bulk_faults": faults.get("bulk", ()), "alike": _alike(rows),
    }  # fmt: skip


def _stored(found: RankedList, sheet: RankingSheet | None) -> dict[str, str]:
    if sheet is None:
        return {}
    fresh = fresh_places(sheet, found.cases, found.sitting)
    return {uuid: str(place) for uuid, place in fresh.items()} | dict.fromkeys(sheet.stepped_back, STEPS_BACK)


def _alike(rows: Sequence[Mapping[str, object]]) -> list[str]:
    """Who shares a place, so that a slip of the pen shows: 第 2 位：张三、李四."""
    by_place: dict[str, list[str]] = {}
    for row in rows:
        if str(row["value"]).isdecimal():
            by_place.setdefault(str(row["value"]), []).append(str(row["name"]))
    return [f"第 {place} 位：{'、'.join(names)}" for place, names in sorted(by_place.items(), key=lambda item: int(item[0])) if len(names) > 1]
