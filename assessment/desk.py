"""What the page of one meeting shows, from its docket: rows, tally, the chosen household, the forms with what was typed, what closing will do.

Presentation only. A page that comes back after a refusal keeps what was typed; nothing here decides or writes.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.http import QueryDict
from django.urls import reverse

from accounts import roles
from assessment.desk_columns import counts, more_of, votes_of
from assessment.docket import Docket, Line, docket
from assessment.forms_sittings import SPARE_ROWS, HeadForm, members_of, version_of
from assessment.meeting import seat_of
from assessment.models import Ballot, Evidence, Panel, Sitting, SittingStatus
from assessment.procedures import LEVEL_NAMES
from assessment.recusal import ANSWERS, NAMESAKE, RECUSED, kin_on_panel
from assessment.selectors_papers import may_read
from assessment.selectors_sittings import deadline_of, is_past
from core.errors import DomainError
from core.scope import Scope
from households.secrets import reveal

SHOWS = (
    ("all", "全部"), ("blank", "未填"), ("doubts", "有疑点"), ("excluded", "有排除情形"), ("lacking", "缺材料"), ("moved", "与上年不同"),
    ("back", "退回的"), ("late", "补充评议"), ("others", "须由他人决定"),
)  # fmt: skip
ALWAYS_SHOWN = ("all", "blank", "doubts")
STATES = {"agree": "done", "return": "back", "reject": "no", "": "todo"}
LEAST_ROWS = 5
SEAL_SHOWN = 12
KIN = "kin:"


@dataclass(frozen=True, slots=True)
class Typed:
    """What a refused post brought: which form, its data, and the error to show beside it."""

    form: str = ""
    data: QueryDict = field(default_factory=QueryDict)
    error: DomainError | None = None
    stale: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the address asks for: a household, the one after `done`, a filter."""

    case: str = ""
    done: str = ""
    show: str = "all"


def wanted_of(data: QueryDict) -> Wanted:
    show = data.get("show", "")
    return Wanted(data.get("case", "")[:36], data.get("done", "")[:36], show if show in dict(SHOWS) else "all")


def open_desk(scope: Scope, uuid: object) -> Docket:
    return docket(scope, uuid)


# --- the list --------------------------------------------------------------------------------------------------


def shown(table: Docket, show: str) -> list[Line]:
    """Lines of a filter."""
    keep = {
        "blank": lambda line: not line.opinion and not line.refused,
        "doubts": lambda line: line.doubts,
        "others": lambda line: line.refused, "excluded": lambda line: line.excluded, "lacking": lambda line: line.lacking,
        "moved": lambda line: line.moved, "back": lambda line: line.returned, "late": lambda line: line.case.supplementary,
    }.get(show)
    return [line for line in table.lines if keep is None or keep(line)]


def filters(table: Docket, base: str, current: str) -> list[dict[str, object]]:
    open_only = {"blank", "others", "excluded", "lacking"}
    rows = []
    for code, name in SHOWS:
        if code in open_only and not table.open:
            continue
        count = len(shown(table, code)) if code != "all" else None
        if code in ALWAYS_SHOWN or count or code == current:
            rows.append({"name": name, "count": count, "current": code == current, "url": f"{base}?show={code}"})
    return rows


def rows_of(table: Docket, lines: Sequence[Line], base: str, show: str) -> list[dict[str, object]]:
    places = {line.case.pk: number for number, line in enumerate(table.lines, 1)}
    return [_row(table, line, places[line.case.pk], base, show) for line in lines]


def _row(table: Docket, line: Line, position: int, base: str, show: str) -> dict[str, object]:
    word, state = (line.word or "未填"), STATES[line.opinion]
    if line.refused:
        word, state = ("由本级办理" if line.elsewhere else "须由他人决定"), "notice"
    elif line.stale:
        word, state = "请重新填", "back"
    elif line.excluded and not line.opinion:
        word, state = "有排除情形", "no"
    elif line.lacking and not line.opinion:
        word, state = f"待补{'、'.join(line.lacking)}", "back"
    return more_of(line) | {
        "uuid": str(line.case.uuid), "position": position, "name": line.head_name, "group": line.group_name or "未分组",
        "persons": line.persons, "points": line.points, "tier": line.tier.lower(), "tier_name": line.tier_name, "votes": votes_of(line),
        "doubts": line.doubts, "word": word, "state": state, "late": line.case.supplementary,
        "pass_no": line.verdict.pass_no if line.verdict else line.case.pass_no,
        "category": line.category_name if line.opinion == "agree" and line.changed else "",
        "url": f"{base}?case={line.case.uuid}&show={show}", "rank": line.rank,
    }  # fmt: skip


def tally_of(table: Docket) -> dict[str, object]:
    tally, whole = table.tally, table.tally.total or 1
    parts, x = [], 0.0
    for css, number in (("done", tally.agree), ("back", tally.back), ("no", tally.reject)):
        parts.append({"css": css, "x": x, "width": number * 100 / whole})
        x += number * 100 / whole
    return {
        "agree": tally.agree, "back": tally.back, "reject": tally.reject, "left": tally.blank, "blocked": tally.blocked,
        "lacking": tally.lacking, "excluded": tally.excluded, "total": tally.total, "filled": tally.entered, "parts": parts,
    }  # fmt: skip


# --- which household -------------------------------------------------------------------------------------------


def chosen_line(table: Docket, wanted: Wanted) -> Line | None:
    """The one asked for; after an answer the next without one; else the first without one, else the first."""
    if wanted.case:
        return next((line for line in table.lines if str(line.case.uuid) == wanted.case), None)
    lines = shown(table, wanted.show)
    if not lines and not wanted.done:
        return None
    place = next((number for number, line in enumerate(table.lines) if str(line.case.uuid) == wanted.done), -1)
    turned = [*table.lines[place + 1 :], *table.lines[: place + 1]]
    pool = turned if wanted.done else lines
    return next((line for line in pool if not line.opinion and not line.refused), None) or next(iter(pool), None)


def neighbours(table: Docket, line: Line | None, base: str, show: str) -> tuple[str, str]:
    """Addresses of the rows before and after, among those shown."""
    if line is None:
        return "", ""
    places = {row.case.pk: number for number, row in enumerate(table.lines)}
    here, lines = places[line.case.pk], shown(table, show)
    before = next((row for row in reversed(lines) if places[row.case.pk] < here), None)
    after = next((row for row in lines if places[row.case.pk] > here), None)
    return tuple(f"{base}?case={row.case.uuid}&show={show}" if row else "" for row in (before, after))


# --- one household's answer ------------------------------------------------------------------------------------


def ballot_of(table: Docket, line: Line, typed: Typed) -> dict[str, object]:
    """The form of one household: stored, or as typed. A refused post keeps the version it was opened with, unless it was overtaken."""
    mine = typed.form == "ballot" and typed.data.get("case") == str(line.case.uuid)
    stored, data = line.ballot, typed.data
    opinion = data.get("opinion", "") if mine else line.opinion
    default = line.case.category or line.tier
    category = data.get("category", "") if mine else (line.category if line.opinion == "agree" else default)
    reasons = set(data.getlist(f"reasons-{opinion}")) if mine else set(stored.reasons if stored else ())
    failed = set(data.getlist("checks_failed")) if mine else set(stored.checks_failed if stored else ())
    words = {"agree": table.stage.words.agree, "return": table.stage.words.back, "reject": table.stage.words.reject}
    kin = kin_on_panel(table.sitting, [line.case.household_id]).get(line.case.household_id, ()) if table.sitting.status == SittingStatus.OPEN else ()
    codes = [code for code in words if code != "return" or table.stage.returns_to]
    return {
        "ballot": {
            "version": data.get("version", "") if mine and not typed.stale else line.version,
            "votes_for": data.get("votes_for", "") if mine else _blank(stored.votes_for if stored else None),
            "votes_against": data.get("votes_against", "") if mine else _blank(stored.votes_against if stored else None),
            "note": data.get("note", "") if mine else line.note, "category": category or default,
            "return_to": data.get("return_to", "") if mine else (stored.return_to if stored else ""),
            "checks_failed": failed, "error": mine and typed.error is not None, "faults": typed.error.fields if mine and typed.error else {},
            "saved": _saved(line, stored) if stored else None,
        },
        "answers": [
            {"code": code, "word": words[code], "digit": number, "on": code == opinion}
            for number, code in enumerate(words, 1) if code in codes
        ],
        "categories": [{"code": code, "name": name, "own": code == default} for code, name in table.categories],
        "own_word": "得分档次" if default == line.tier else "前一阶段定的",
        "returns": [{"code": code, "name": name} for code, name in table.returns_to],
        "chips": [_chips(table, code, words[code], reasons if code == opinion else set()) for code in codes],
        "kin": [_of_kin(name, data.get(KIN + name, "") if mine else _said_of(stored, name)) for name in kin],
        "gates": [{"code": check.code, "name": failed_word(check), "on": check.code in failed} for check, _ in table.checks],
    }  # fmt: skip


def _of_kin(name: str, said: str) -> dict[str, object]:
    return {"name": name, "field": KIN + name, "answers": [{"code": code, "word": word, "on": code == said} for code, word in ANSWERS]}


def _said_of(stored: Ballot | None, name: str) -> str:
    if stored is None:
        return ""
    return RECUSED if name in stored.recused else NAMESAKE if name in stored.namesakes else ""


def _chips(table: Docket, code: str, word: str, on: set[str]) -> dict[str, object]:
    title, hint = (f"{word}理由", "选一条或写明") if code != "agree" else ("类别理由", "类别有改动时，选一条或写明")
    items = [{"code": reason, "name": name, "on": reason in on} for reason, name in table.reasons[code]]
    return {"code": code, "title": title, "hint": hint, "items": items}


def failed_word(check) -> str:
    """What a failed 关 is called on a chip: 是否有漏选错选 → 有漏选错选; 是否符合政策界限, to which yes is good → 不符合政策界限."""
    said = check.question.removeprefix("是否")
    return f"不{said}" if check.good else said


def _blank(number: int | None) -> str:
    return "" if number is None else str(number)


def _saved(line: Line, stored: Ballot) -> dict[str, object]:
    word = f"{line.word}，请重新填" if line.stale else line.word
    return {"word": word or "旧意见，请重新填", "state": STATES[stored.opinion], "by": stored.by.name, "at": stored.at}


# --- head ------------------------------------------------------------------------------------------------------


def head_of(scope: Scope, table: Docket, typed: Typed) -> dict[str, object]:
    sitting, stage = table.sitting, table.stage
    mine = typed.form == "head"
    lacks = [lines for name, lines in table.faults.items() if name != "ranking"]  # mended on a page of its own
    missing = [line for lines in lacks for line in lines]
    head: dict[str, object] = {
        "summary": _summary(table), "missing": missing, "open": mine or bool(missing and table.may_decide and not table.tally.entered),
        "version": typed.data.get("version", "") if mine and not typed.stale else sitting.version,
        "checks": [{"code": check.code, "question": check.question, "answer": answer} for check, answer in table.checks],
        "members": sitting.panel, "minutes": table.minutes, "facts": _facts(table), "form": None,
    }  # fmt: skip
    if not table.may_decide:
        return head
    form = head_form(table, typed.data if mine else None)
    if mine:
        typed_checks = form.checks_typed()
        head["checks"] = [row | {"answer": typed_checks.get(row["code"])} for row in head["checks"]]
    panels = _panels(scope, sitting, stage) if stage.panel else []
    members = _members(panels, sitting, typed.data if mine else None)
    spare = max(SPARE_ROWS, LEAST_ROWS - len(members))
    return head | {"form": form, "panels": panels, "members": members + [{"present": True}] * spare, "panels_url": reverse("panels") if scope.has(roles.PANEL_KEEP) else ""}


def head_form(table: Docket, data: QueryDict | None) -> HeadForm:
    asks = bool(table.missing or table.sitting.missing_reason)
    names = ("held_on", "held_at", "chair", "recorder", "panel_name", "expected", "present", "document_no", "missing_reason")
    initial = {name: getattr(table.sitting, name) for name in names} | {"minutes": table.minutes}
    return HeadForm(data, initial=initial, stage=table.stage, asks_missing=asks)


def _members(panels: Sequence[Panel], sitting: Sitting, data: QueryDict | None) -> list[dict[str, object]]:
    if data is None:
        return list(sitting.panel)
    if "load" in data:
        panel = next((row for row in panels if str(row.uuid) == data.get("panel")), None)
        return [{"name": row["name"], "post": row.get("post", ""), "present": True} for row in (panel.members if panel else [])]
    return members_of(data)


def _panels(scope: Scope, sitting: Sitting, stage) -> list[Panel]:
    rows = Panel.objects.visible_to(scope).filter(kind=stage.panel.kind, township_id=sitting.township_id, retired_at__isnull=True)
    if stage.panel.kind != "inspection":
        rows = rows.filter(seat_of(sitting))
    return list(rows)


def _summary(table: Docket) -> list[str]:
    sitting, there = table.sitting, table.there
    parts = [f"{sitting.held_on:%Y-%m-%d}" if sitting.held_on else "", sitting.held_at, f"主持 {sitting.chair}" if sitting.chair else ""]
    if table.stage.panel and (there.expected or there.present):
        parts.append(f"{table.stage.panel.name}应到 {there.expected}、实到 {there.present}")
    return [part for part in (*parts, sitting.document_no) if part] or ["还没有填"]


def _facts(table: Docket) -> list[tuple[str, object]]:
    sitting, there = table.sitting, table.there
    rows = [("开会日期", f"{sitting.held_on:%Y-%m-%d}" if sitting.held_on else ""), ("地点", sitting.held_at), ("主持人", sitting.chair), ("记录人", sitting.recorder)]
    if table.stage.panel:
        rows += [("应到", there.expected), ("实到", there.present)]
    if table.stage.needs_document:
        rows.append(("文号", sitting.document_no))
    rows += [("还缺", "、".join(sitting.missing))] if sitting.missing else []
    return [*rows, ("缺的原因", sitting.missing_reason)] if sitting.missing_reason else rows


# --- closing ---------------------------------------------------------------------------------------------------


def close_of(table: Docket, key: str, typed: Typed) -> dict[str, object]:
    tally = table.tally
    wanting = list(table.wanting)
    if not tally.entered and not tally.blank:
        wanting.append(table.outcome if tally.total else "名单上没有户，可以取消这次会议。")
    return {
        "missing": wanting, "unranked": "ranking" in table.faults, "version": table.sitting.version, "count": table.count, "mark": table.mark, "key": key,
        "rest_agree": typed.form == "close" and bool(typed.data.get("rest_agree")) and not typed.stale,
        "say": say(table, rest=False), "say_rest": say(table, rest=True),
    }  # fmt: skip


def say(table: Docket, *, rest: bool) -> str:
    """将锁定 79 户名单：74 户审核通过送县定，4 户退回组评，1 户不予通过。"""
    tally, words = table.tally, table.stage.words
    agreed = tally.agree + (tally.blank if rest else 0)
    total = agreed + tally.back + tally.reject
    if not total:
        return "还没有一户填了意见，不能锁定；逐户填写，或选“其余全部同意”。"
    backs = Counter(line.ballot.return_to for line in table.lines if line.opinion == "return" and not line.refused and line.ballot)
    parts = [f"{agreed} 户{words.agree}{f'送{table.following}' if table.following else '办结'}"] if agreed else []
    parts += [f"{number} 户退回{table.procedure.by_code[code].name}" for code, number in backs.items()]
    parts += [f"{tally.reject} 户{words.reject}"] if tally.reject else []
    short = f"{tally.lacking} 户还缺本户签字的材料，留在{table.stage.name}。" if tally.lacking else ""
    short += f"{tally.excluded} 户有排除情形，留在{table.stage.name}。" if tally.excluded else ""
    left = f"其余 {tally.blank} 户留在{table.stage.name}，下次再开会。" if tally.blank and not rest else ""
    return f"将锁定 {total} 户名单：{'，'.join(parts)}。{left}{short}"


def result_of(table: Docket) -> dict[str, object]:
    """What a closed meeting did."""
    counts, words = table.sitting.counts, table.stage.words
    parts = [
        f"{counts.get(code, 0)} 户{word}"
        for code, word in (("agree", words.agree), ("return", words.back), ("reject", words.reject)) if counts.get(code)
    ]  # fmt: skip
    stays = [f"{counts[code]} 户{word}" for code, word in (("blocked", "须由他人决定"), ("left", "没有填意见")) if counts.get(code)]
    total = sum(counts.get(code, 0) for code in ("agree", "return", "reject"))
    text = f"锁定 {total} 户：{'，'.join(parts)}。" + (f"{'，'.join(stays)}，留在{table.stage.name}。" if stays else "")
    return {
        "say": text, "seal_short": table.sitting.list_seal[-SEAL_SHOWN:],
        "following": f"{words.agree}的 {counts['agree']} 户送{table.following}" if counts.get("agree") and table.following else "",
    }  # fmt: skip


# --- the frame -------------------------------------------------------------------------------------------------


def frame_of(table: Docket) -> dict[str, object]:
    sitting, stage = table.sitting, table.stage
    reads_votes = [other.name for other in table.procedure.before(stage.code) if other.votes]
    before = Counter(past.stage for line in table.lines for past in line.past[-1:] if counts(line, past) and past.opinion == "agree")
    return {
        "sitting": sitting, "stage": stage, "area_name": table.area, "may_decide": table.may_decide,
        "deadline": (deadline := deadline_of(sitting.round, sitting.stage)), "overdue": is_past(deadline), "level_name": LEVEL_NAMES[stage.level],
        "prior_votes": reads_votes[-1] if reads_votes else "", "before": [f"{name}通过 {number} 户" for name, number in before.items()],
        "present": table.there.present, "round_label": sitting.round.name, "round_url": reverse("round", args=[sitting.round.code]),
    }  # fmt: skip


def papers_of(scope: Scope, sitting: Sitting) -> list[dict[str, object]]:
    rows = Evidence.objects.visible_to(scope).filter(sitting=sitting).select_related("by")
    return [
        {"title": row.title, "kind": row.get_kind_display(), "at": row.at, "by": row.by.name, "url": reverse("evidence", args=[row.uuid]) if may_read(scope, row) else ""}
        for row in rows
    ]


def clash_of(table: Docket, line: Line | None) -> list[str]:
    """What stands now in an overtaken household."""
    if line is None or line.ballot is None:
        return ["这一户现在没有意见：别人清除了原来填的。"] if line else []
    stored = line.ballot
    votes = f"，票 {stored.votes_for} : {stored.votes_against}" if stored.votes_for is not None else ""
    note = f"，说明：{reveal(stored, 'note')}" if line.note else ""
    category = f"，{line.category_name}" if line.opinion == "agree" else ""
    return [f"现在是：{line.word}{category}{votes}{note}（{stored.by.name}）"]


__all__ = [
    "Typed", "Wanted", "ballot_of", "chosen_line", "clash_of", "close_of", "filters", "frame_of", "head_form", "head_of",
    "neighbours", "open_desk", "papers_of", "result_of", "rows_of", "shown", "tally_of", "version_of", "wanted_of",
]  # fmt: skip
