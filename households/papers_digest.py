"""What the 校验码 on a paper to be signed is over: facts without what moves by itself, so that a scan finds the version that was printed. Pure.

The printed form and the row that registers its scan (`Paper.facts_digest`) both take `keyed_digest(stable_facts(document(household)))`.
"""

from collections.abc import Mapping

SHOWN = 16
_MOVES = frozenset(
    "id version updated_at updated_by_id created_at created_by_id hold hold_reason standing standing_since head_pinyin closed_on township_id village_id".split()
)
"""Columns of the household's row that change without the household's facts having changed: neither a lock nor
撤并村 may spoil a printed form."""


def stable_facts(document: Mapping[str, Mapping[str, object]]) -> dict[str, object]:
    """The household's document (`households.actions.steps.document`) without the moving columns."""
    return dict(document) | {"household": {name: value for name, value in document["household"].items() if name not in _MOVES}}


def digest_shown(digest: str) -> str:
    """The first 16 signs in fours, as they stand on the paper; "" for no digest."""
    head = digest[:SHOWN]
    return " ".join(head[start : start + 4] for start in range(0, len(head), 4))
