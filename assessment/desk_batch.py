"""The form that answers for many households at once, the page of its results, and the way to the next village. Presentation only."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.urls import reverse

from assessment.actions.batch import Outcome
from assessment.desk import Typed, failed_word, shown
from assessment.docket import Docket
from assessment.meeting import area_name
from assessment.models import Sitting, SittingStatus
from assessment.selectors_sittings import UNGROUPED, waiting
from core.scope import Scope

ALL = "all_shown"


def picked_of(data: QueryDict, table: Docket, show: str) -> list[str]:
    """Households of the post: those ticked, or all that the filter shows and the caller may decide."""
    if data.get(ALL):
        return [str(line.case.uuid) for line in shown(table, show) if not line.refused]
    known = {str(line.case.uuid) for line in table.lines}
    ticked = [uuid for uuid in data.getlist("pick") if len(uuid) == 36]
    return [uuid for uuid in ticked if uuid in known] + [uuid for uuid in ticked if uuid not in known and _is_uuid(uuid)]


def _is_uuid(text: str) -> bool:
    return len(text) == 36 and not set(text.lower()) - set("0123456789abcdef-") and text.count("-") == 4


def batch_of(table: Docket, show: str, key: str, typed: Typed) -> dict[str, object] | None:
    """The form, as typed after a refusal; None where the caller may not decide."""
    if not (table.open and table.may_decide):
        return None
    mine, data = typed.form == "batch", typed.data
    words = {"agree": table.stage.words.agree, "return": table.stage.words.back, "reject": table.stage.words.reject}
    codes = [code for code in words if code != "return" or table.stage.returns_to]
    opinion = data.get("opinion", "") if mine else ""
    on = set(data.getlist(f"reasons-{opinion}")) if mine else set()
    return {
        "open": mine, "key": key, "version": data.get("version", "") if mine and data.get("version") else table.sitting.version,
        "picked": set(data.getlist("pick")) if mine else set(), "all": bool(mine and data.get(ALL)), "overwrite": bool(mine and data.get("overwrite")),
        "shown": sum(not line.refused for line in shown(table, show)), "note": data.get("note", "") if mine else "",
        "votes_for": data.get("votes_for", "") if mine else "", "votes_against": data.get("votes_against", "") if mine else "",
        "answers": [{"code": code, "word": words[code], "on": code == opinion} for code in codes],
        "returns": [{"code": code, "name": name, "on": mine and data.get("return_to") == code} for code, name in table.returns_to],
        "chips": [
            {"code": code, "title": f"{words[code]}理由", "items": [{"code": one, "name": name, "on": one in on} for one, name in table.reasons[code]]}
            for code in codes if code != "agree"
        ],
        "gates": [failed_word(check) for check, _ in table.checks],
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Result:
    """Refused ones first: they are what is left to do."""

    refused: Sequence[Outcome]
    done: Sequence[Outcome]


def result_of(outcomes: Sequence[Outcome]) -> Result:
    return Result([one for one in outcomes if not one.done], [one for one in outcomes if one.done])


@dataclass(frozen=True, slots=True)
class Neighbour:
    name: str
    url: str


def next_village(scope: Scope, sitting: Sitting) -> Neighbour | None:
    """The next list of the same stage, in the order of villages and groups, round to the first: an open meeting, or one to be opened.
    Two queries, however many villages."""
    here = (sitting.village.code, _group(sitting))
    places: dict[tuple[str, str], Neighbour] = {}
    for item in waiting(scope, [sitting.round]):
        if item.stage.code == sitting.stage:
            places[(item.village.code, item.group_code)] = Neighbour(f"{item.village.short_name} {item.group_name}".strip(), item.url)
    rows = Sitting.objects.visible_to(scope).filter(round=sitting.round, stage=sitting.stage, status=SittingStatus.OPEN)
    for row in rows.exclude(pk=sitting.pk).select_related("village", "group"):
        places[(row.village.code, _group(row))] = Neighbour(area_name(row), reverse("sitting", args=[row.uuid]))
    places.pop(here, None)
    order = sorted(places)
    following = next((place for place in order if place > here), next(iter(order), None))
    return places[following] if following else None


def _group(sitting: Sitting) -> str:
    return sitting.group.code if sitting.group_id else (UNGROUPED if sitting.ungrouped else "")
