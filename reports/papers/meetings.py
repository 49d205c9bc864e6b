"""会议记录 and 逐户排队 of a meeting: what the pages to print say, as papers with fonts of their own."""

from django.utils import timezone

from assessment.actions.sitting_steps import waiting
from assessment.docket import docket
from assessment.models import Sitting
from assessment.ranking_paper import sheet_to_print
from assessment.selectors_papers import Line, minutes_of
from reports.papers.model import Ask, Data
from reports.papers.words import day, place_of


def minutes(ask: Ask) -> Data:
    """会议记录 with panel, answers, votes and verdicts; empty for the meeting itself when blank."""
    sitting: Sitting = ask.target
    paper = minutes_of(ask.scope, sitting, waiting(sitting), blank=ask.blank)
    there = paper.there
    return {
        "place": place_of(sitting.village, sitting.group), "version": "", "check": "", "title": f"{paper.stage.name}会议记录",
        "sub": "　".join(part for part in (sitting.round.name, paper.kind, f"第 {sitting.number} 次" if sitting.number > 1 else "", _state(paper)) if part),
        "facts": _facts(sitting, paper), "there": "" if ask.blank else f"应到 {there.expected} 人，实到 {there.present} 人",
        "panel_name": paper.stage.panel.name if paper.stage.panel else "",
        "panel": [{"name": str(one.get("name", "")), "post": str(one.get("post", "")), "absent": not one.get("present")} for one in paper.seated],
        "checks": [{"question": question, "answer": answer} for question, answer in paper.checks],
        "with_groups": paper.with_groups, "votes": paper.stage.votes, "lines": [_line(line) for line in paper.lines],
        "tally": "" if ask.blank else "，".join(f"{word} {count} 户" for word, count in paper.tally), "unsaid": paper.unsaid,
        "text": paper.paragraphs, "hidden": paper.text_hidden, "signers": [name or "成员" for name in paper.signers],
        "seal": "" if ask.blank else _seal(sitting, paper.closed),
    }  # fmt: skip


def ranking(ask: Ask) -> Data:
    """逐户排队 with a column a scorer, sums and line; empty and in the order of the list when blank. NotFound where no queue is kept."""
    sitting: Sitting = ask.target
    sheet = sheet_to_print(ask.scope, docket(ask.scope, sitting.uuid), blank=ask.blank)
    paper = minutes_of(ask.scope, sitting, waiting(sitting), blank=ask.blank)
    parts = (sitting.round.name, paper.stage.name, paper.kind, f"第 {sitting.number} 次" if sitting.number > 1 else "", _state(paper))
    taken = sheet["taken"]
    return {
        "place": place_of(sitting.village, sitting.group), "version": "", "check": "", "title": "逐户排队表" if ask.blank else "逐户排队结果",
        "sub": "　".join(part for part in parts if part), "facts": _facts(sitting, paper), "blank": ask.blank, "columns": list(sheet["columns"]),
        "lines": [_rank(line) for line in sheet["lines"]], "taken": -1 if taken is None else taken, "cut": len(sheet["lines"]) - (taken or 0),
        "lacks": list(sheet["lacks"]), "ties": [_tie(tie) for tie in sheet["ties"]], "signers": [name or "成员" for name in paper.signers],
        "seal": "" if ask.blank else _seal(sitting, paper.closed),
    }  # fmt: skip


def _rank(line: Data) -> Data:
    said = [line.get("kind", ""), "并列" if line.get("tied") else "", "与得分不一致" if line.get("conflict") else ""]
    return {
        "number": str(line["number"]), "head": line["name"], "tail": line["tail"], "places": [str(place) for place in line["places"]], "total": line.get("total", ""),
        "points": _number(line.get("points")), "tier": line.get("tier_name", ""), "said": "；".join(text for text in said if text), "line": bool(line.get("line")),
    }  # fmt: skip


def _tie(tie: Data) -> str:
    return "，".join(part for part in (f"并列的先后：{'、'.join(tie['names'])}", f"票 {tie['votes']}" if tie["votes"] else "", tie["reason"]) if part)


def _state(paper) -> str:
    if paper.blank:
        return "会前空白表"
    return "" if paper.closed else "草稿，会议还没有结束"


def _facts(sitting: Sitting, paper) -> list[Data]:
    values = ("", "", "", "") if paper.blank else (day(sitting.held_on), sitting.held_at, sitting.chair, sitting.recorder)
    rows = [{"label": label, "text": text} for label, text in zip(("日期", "地点", "主持人", "记录人"), values, strict=True)]
    extra = [("文号", sitting.document_no)] if paper.stage.needs_document else []
    extra += [("还缺", "、".join(sitting.missing))] if sitting.missing and not paper.blank else []
    extra += [("缺的原因", sitting.missing_reason)] if sitting.missing_reason and not paper.blank else []
    if sitting.delegation_id and not paper.blank:
        given = sitting.delegation
        extra += [("办理", f"{sitting.closer}，委托{day(given.since)}至{day(given.until)}")]
    return rows + [{"label": label, "text": "" if paper.blank else text} for label, text in extra]


def _line(line: Line) -> Data:
    return {
        "group": line.group, "head": line.head, "tail": line.tail, "persons": str(line.persons), "points": _number(line.points), "tier": line.tier,
        "opinion": line.opinion, "for": _number(line.votes_for), "against": _number(line.votes_against), "category": line.category,
        "reasons": "、".join(line.reasons),
    }  # fmt: skip


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def _seal(sitting: Sitting, closed: bool) -> str:
    if not closed:
        return "名单还没有锁定，本件不能作为认定依据。"
    ended = timezone.localtime(sitting.closed_at)
    return f"{day(ended.date())} {ended:%H:%M} 结束，名单锁定。名单校验码 {sitting.list_seal}"
