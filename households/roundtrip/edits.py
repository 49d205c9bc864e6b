"""What an edited workbook asks to be changed: values by household and member, and their sealed form while they wait for a confirmation."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass
class Values:
    """Plain columns and sealed ones; `sealed` values are texts, "" takes one away."""

    facts: dict[str, object] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)

    def put(self, name: str, value: object, *, sealed: bool) -> None:
        (self.secrets if sealed else self.facts)[name] = value

    @property
    def cells(self) -> int:
        return len(self.facts) + len(self.secrets)


@dataclass
class HouseholdEdit:
    """One household as the file changes it. `version` is the one that the check compared with, `conflict` says that cells of it were left
    out because somebody else had changed them too; `members` by membership uuid."""

    code: str
    version: int
    conflict: bool = False
    own: Values = field(default_factory=Values)
    members: dict[str, Values] = field(default_factory=dict)

    @property
    def cells(self) -> int:
        return self.own.cells + sum(values.cells for values in self.members.values())

    def member(self, uuid: object) -> Values:
        return self.members.setdefault(str(uuid), Values())


def to_text(edit: HouseholdEdit) -> str:
    body = {
        "code": edit.code, "version": edit.version, "conflict": edit.conflict, "own": vars(edit.own),
        "members": {uuid: vars(values) for uuid, values in edit.members.items()},
    }  # fmt: skip
    return json.dumps(body, ensure_ascii=False, default=_tagged)


def from_text(text: str) -> HouseholdEdit:
    body = json.loads(text, object_hook=_untagged)
    members = {uuid: Values(**values) for uuid, values in body.pop("members").items()}
    return HouseholdEdit(**body | {"own": Values(**body["own"]), "members": members})


def _tagged(value: object) -> Mapping[str, str]:
    if isinstance(value, Decimal):
        return {"$decimal": str(value)}
    if isinstance(value, datetime.date):
        return {"$day": value.isoformat()}
    raise TypeError(type(value).__name__)


def _untagged(body: dict) -> object:
    if body.keys() == {"$decimal"}:
        return Decimal(body["$decimal"])
    return datetime.date.fromisoformat(body["$day"]) if body.keys() == {"$day"} else body
