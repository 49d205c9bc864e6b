"""Households of a list: today's facts as the seals write them, and the ledger's newest entry in the same shape. Reads only."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from assessment.sealing import FACTS, INCOME_FACTS, MEMBER_FACTS, SECRET_FACTS, household_documents
from assessment.seals import plain
from core.crypto import CannotDecrypt
from households.models import Household, HouseholdVersion
from households.secrets import reveal

BATCH = 500
_MEMBER = ("code", "since", *MEMBER_FACTS, "name", "birth", "sex", "identity")
_DECIMALS = ("area_m2", "cultivated_mu")


@dataclass(slots=True)
class Today:
    """`documents`: household id → plain document; `versions`: the versions its ledger holds, `moves`: those of them that changed the village only; `ledger`: the newest entry's facts, in
    the shape of the document; `sealed_shut`: households whose stored secrets do not open."""

    documents: dict[int, dict[str, Any]] = field(default_factory=dict)
    versions: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    moves: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    ledger: dict[int, dict[str, Any]] = field(default_factory=dict)
    sealed_shut: set[int] = field(default_factory=set)


def load(households: Iterable[Household]) -> Today:
    """Four queries a batch."""
    rows, today = list(households), Today()
    for start in range(0, len(rows), BATCH):
        part = rows[start : start + BATCH]
        _open(part, today)
        _read_ledger(part, today)
    return today


def _open(rows: list[Household], today: Today) -> None:
    try:
        found = household_documents(row.pk for row in rows)
    except CannotDecrypt:
        if len(rows) == 1:
            today.sealed_shut.add(rows[0].pk)
            return
        for row in rows:  # one of them: find out which
            _open([row], today)
        return
    today.documents |= {pk: plain(document) for pk, document in found.items()}


def _read_ledger(rows: list[Household], today: Today) -> None:
    by_id = {row.pk: row for row in rows}
    newest: dict[int, HouseholdVersion] = {}
    for entry in HouseholdVersion.objects.filter(household_id__in=by_id).order_by("household_id", "version"):
        today.versions[entry.household_id].append(entry.version)
        if entry.place_only:
            today.moves[entry.household_id].add(entry.version)
        newest[entry.household_id] = entry
    for pk, entry in newest.items():
        try:
            today.ledger[pk] = _as_document(json.loads(reveal(entry, "facts")), by_id[pk])
        except (CannotDecrypt, ValueError, KeyError):
            today.ledger[pk] = {}


def untouched_since(today: Today, household: Household, version: int) -> bool:
    """No version after that one but those of 撤并村, which leave every fact as it was."""
    moves = today.moves.get(household.pk, set())
    return version <= household.version and all(later in moves for later in range(version + 1, household.version + 1))


def _as_document(body: Mapping[str, Any], household: Household) -> dict[str, Any]:
    """A ledger entry in the shape of `sealing.household_documents`. The ledger wrote the group's id; another id shows as another group."""
    facts = body["household"]
    document = {name: _fixed(name, facts[name]) for name in (*FACTS, "other_causes", *SECRET_FACTS)}
    group = household.group.code if household.group_id else ""
    document |= {
        "code": facts["code"],
        "group": group if facts["group_id"] == household.group_id else f"#{facts['group_id']}",
        "head": facts["head_name"],
        "members": [{name: row[name] for name in _MEMBER} for row in body["members"]],
    }
    if "income" in body:  # an import's entry says nothing of it: it changes none
        document["income"] = [_income(row) for row in body["income"]]
    return plain(document)


def _income(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: Decimal(row[name]) if isinstance(row.get(name), str) else row.get(name) for name in INCOME_FACTS}


def _fixed(name: str, value: Any) -> Any:
    return Decimal(str(value)) if name in _DECIMALS and value is not None else value


def by_code(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document with its members in one order: the ledger keeps another one than the seals."""
    return {**document, "members": sorted(document.get("members", []), key=lambda row: (row["code"], row["name"], row["identity"]))}
