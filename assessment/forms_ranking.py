"""What is typed into a sheet of the queue, read into an entry or back into its boxes. Never writes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.http import QueryDict

from assessment.forms_sittings import whole
from assessment.models import Case
from assessment.ranking_entry import STEPS_BACK, SheetEntry, TieEntry, cell, column, from_order

PLACE, SAME, ORDER = "place-", "same-", "order-"
LONGEST_BULK = 4000


@dataclass(frozen=True, slots=True)
class Typed:
    """Boxes as typed, by case uuid, with what is wrong; `bulk` is the text of the whole column."""

    boxes: Mapping[str, str] = field(default_factory=dict)
    same: frozenset[str] = frozenset()
    bulk: str = ""
    faults: Mapping[str, Sequence[str]] = field(default_factory=dict)


def typed_of(data: QueryDict, cases: Sequence[Case]) -> Typed:
    """The boxes of the households on the list; a column or an order typed at once takes their place when it can be read."""
    keys = [str(case.uuid) for case in cases]
    boxes = {key: data.get(f"{PLACE}{key}", "").strip()[:16] for key in keys}
    same = frozenset(key for key in keys if data.get(f"{SAME}{key}"))
    bulk = data.get("bulk", "")[:LONGEST_BULK]
    way = data.get("do", "")
    if way not in ("column", "order"):
        return _checked(Typed(boxes, same, bulk), len(keys), cases)
    found, fault = (column if way == "column" else from_order)(bulk, len(keys))
    if fault:
        return Typed(boxes, same, bulk, {"bulk": [fault]})
    if way == "order":  # the own household stays stepped back from: it stands in no order
        found = [place or (boxes[key] if boxes[key] == STEPS_BACK else "") for key, place in zip(keys, found, strict=True)]
    return _checked(Typed(dict(zip(keys, found, strict=True)), same, bulk), len(keys), cases)


def _checked(typed: Typed, most: int, cases: Sequence[Case]) -> Typed:
    faults = {}
    for case in cases:
        _, fault = cell(typed.boxes[str(case.uuid)], most)
        if fault:
            faults[str(case.uuid)] = [f"{case.household.head_name}：{fault}"]
    return Typed(typed.boxes, typed.same, typed.bulk, faults)


def entry_of(typed: Typed, mark: str) -> SheetEntry:
    """Of boxes without faults."""
    values = {key: cell(text, 10**4)[0] for key, text in typed.boxes.items()}
    places = {key: value for key, value in values.items() if isinstance(value, int)}
    back = [key for key, value in values.items() if value == STEPS_BACK]
    return SheetEntry(places, back, [key for key in typed.same if key in places], mark)


def tie_of(data: QueryDict) -> TieEntry:
    """Households by the number each was given; one left out or given twice is for the action to refuse."""
    given = {name.removeprefix(ORDER): whole(data[name]) for name in data if name.startswith(ORDER)}
    numbered = sorted((number, case) for case, number in given.items() if number is not None)
    right = [number for number, _ in numbered] == list(range(1, len(given) + 1))
    return TieEntry(
        [case for _, case in numbered] if right else [], data.get("reason", ""), whole(data.get("votes_for")), whole(data.get("votes_against"))
    )
