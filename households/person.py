"""A member's own papers as typed: what the number says, what it contradicts, and what is offered for confirmation. Pure.

Numbers are read by `core.ids`; nothing is repaired in silence (brief 3.1 - 3.3, trust 46, 48). Faults block, doubts are said.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from core.ids import check_id, normalise_id, read_disability_number

ID_CARD, DISABILITY_CARD, NONE_YET, OTHER_PAPER = "01", "09", "90", "99"
CARD_LENGTHS = (20, 22)
_OTHER = re.compile(r"[0-9A-Z]{4,30}")


@dataclass(frozen=True, slots=True)
class PersonEntry:
    """A member as typed. An empty `identity` leaves the number alone; of `secrets` None leaves a value alone and "" takes it away.
    `takes_offer` = the 18 digits worked out of an old number of 15 were confirmed with the person."""

    name: str
    relation: str
    id_kind: str = ""
    identity: str = ""
    takes_offer: bool = False
    birth: date | None = None
    sex: str = ""
    ethnicity: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)
    secrets: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OnFile:
    """What is known of the person before the change; `number` is '' without one."""

    number: str = ""
    birth: date | None = None
    sex: str = ""


@dataclass(frozen=True, slots=True)
class Papers:
    """The reading: `number` '' = leave the stored one. `offered` = a 15-digit number can be turned into one of 18."""

    number: str = ""
    birth: date | None = None
    sex: str = ""
    offered: bool = False
    faults: Mapping[str, list[str]] = field(default_factory=dict)


def read_papers(entry: PersonEntry, on_file: OnFile, today: date) -> Papers:
    """The person's number, birth and sex. Who has no number yet must have birth and sex (brief 3.13 no. 1)."""
    typed = normalise_id(entry.identity)
    if not typed:
        return _without_typed(entry, on_file, today)
    if entry.id_kind == NONE_YET:
        return Papers(faults={"identity": ["选了“尚无证件”，证件号码要空着；有号码的请改选证件类型。"]})
    if entry.id_kind == OTHER_PAPER:
        faults = {} if _OTHER.fullmatch(typed) else {"identity": ["其他证件的号码为 4 至 30 位字母和数字。"]}
        return Papers(typed, entry.birth, entry.sex, faults=faults | _needs_birth_and_sex(entry))
    if entry.id_kind == DISABILITY_CARD and len(typed) in CARD_LENGTHS:
        typed = typed[:18]
    return _read_id(entry, on_file, typed, today)


def _read_id(entry: PersonEntry, on_file: OnFile, typed: str, today: date) -> Papers:
    reading = check_id(typed, today=today)
    if reading.offer and len(typed) == 15 and entry.takes_offer:
        reading = check_id(reading.offer, today=today)
    faults = {"identity": [f"{problem.message}。{problem.remedy}。" for problem in reading.problems if problem.severity == "error"]}
    if not reading.ok:
        return Papers(offered=bool(reading.offer) and len(typed) == 15, faults=faults)
    faults = {}
    if entry.birth not in (None, on_file.birth, reading.birth):
        faults["birth"] = [f"与证件号码里的出生日期 {reading.birth:%Y-%m-%d} 不同。"]
    if entry.sex not in ("", on_file.sex, reading.sex):
        faults["sex"] = ["与证件号码里的性别不同。"]
    return Papers(reading.number, reading.birth, reading.sex or "", faults=faults)


def _without_typed(entry: PersonEntry, on_file: OnFile, today: date) -> Papers:
    """Nothing typed: the number on file stays and is what birth and sex are held against."""
    kept = Papers(birth=entry.birth or on_file.birth, sex=entry.sex or on_file.sex)
    if entry.id_kind == NONE_YET:
        faults = {"id_kind": ["已登记证件号码，不能改为尚无证件。"]} if on_file.number else _needs_birth_and_sex(entry)
        return Papers(birth=kept.birth, sex=kept.sex, faults=faults)
    if not on_file.number:
        faults = {"identity": ["没有填写证件号码。尚无证件的，证件类型选“尚无证件”。"]} if entry.id_kind else {}
        return Papers(birth=kept.birth, sex=kept.sex, faults=faults)
    reading, faults = check_id(on_file.number, today=today), {}
    remedy = "证件号码有误的，请填写正确的号码。"
    if reading.birth and kept.birth not in (on_file.birth, reading.birth):
        faults["birth"] = ["与已登记的证件号码里的出生日期不同。" + remedy]
    if reading.sex and kept.sex not in (on_file.sex, reading.sex):
        faults["sex"] = ["与已登记的证件号码里的性别不同。" + remedy]
    return Papers(birth=kept.birth, sex=kept.sex, faults=faults)


def _needs_birth_and_sex(entry: PersonEntry) -> dict[str, list[str]]:
    missing = {"birth": entry.birth is None, "sex": not entry.sex}
    return {name: ["没有身份证号码的，要填这一项。"] for name, blank in missing.items() if blank}


@dataclass(frozen=True, slots=True)
class Card:
    """A disability card read against the person: kind and grade to store, faults that block, doubts to be told."""

    number: str = ""
    kind: str = ""
    grade: int | None = None
    faults: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


def read_card(typed: str, *, identity: str, kind: str, grade: int | None, today: date) -> Card:
    """A card of 20 or 22 characters: the first 18 are the person's ID number, the 19th the kind, the 20th the grade. Blank kind and grade
    are filled from it; other ones stay as typed and are a doubt."""
    reading = read_disability_number(typed, today=today)
    faults = tuple(f"{problem.message}。{problem.remedy}。" for problem in reading.problems if problem.severity == "error")
    if not faults and identity and reading.identity != identity[:18]:
        faults = ("前 18 位与这个人的身份证号码不同，请核对两个证件。",)
    if faults:
        return Card(kind=kind, grade=grade, faults=faults)
    doubts = []
    if kind and kind != reading.kind:
        doubts.append("残疾类别与残疾证号第 19 位不同")
    if grade and grade != reading.grade:
        doubts.append("残疾等级与残疾证号第 20 位不同")
    return Card(reading.number, kind or reading.kind, grade or reading.grade, doubts=tuple(doubts))


def relation_fault(before: str, after: str, others: tuple[str, ...], sex: str, expected: Mapping[str, str]) -> str:
    """Why the relation to the head cannot be this one: the head changes by a step of its own, one spouse, sex as the word says."""
    if before != after and "01" in (before, after):
        return "换户主请到“办理变动”登记，这里不改户主。"
    if after == "02" and "02" in others:
        return "本户已有一名配偶，请核对与户主关系。"
    return "与户主关系和性别不符。" if sex and expected.get(after, sex) != sex else ""
