"""Rows to households: places, one head, head count, what the head's row decides (rulings 1, 3, 11). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from core.sheets import match_key
from core.sheets.problems import shown
from households.codes import ATTRIBUTE, CAUSE, EXIT_STATUS
from households.importing.layout import TITLES
from households.importing.model import Faults, RosterHousehold
from households.importing.national_rows import NationalRow
from households.importing.packed import Grouped, Packed
from households.importing.rows import Line

VILLAGE_DIGITS = 12
MERGED = "merged"
_FACT_COLUMNS = {
    "attribute": "attribute", "exit_status": "exit_status", "cause": "cause", "dangerous_house": "dangerous",
    "water_safe": "water_safe", "water_difficult": "water_difficult", "net_income_per_head": "income",
}  # fmt: skip
_LISTS = {"attribute": ATTRIBUTE, "exit_status": EXIT_STATUS, "cause": CAUSE}
_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")}
NOT_YOURS = "不在您负责的范围内，或没有登记"


@dataclass(frozen=True)
class KnownVillage:
    """A village in the importer's area, with the spellings under which its names may appear."""

    id: int
    code: str
    name: str
    township_id: int
    township_code: str
    township_name: str
    county_id: int
    county_name: str
    names: frozenset[str]
    groups: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    gone: str = ""
    """Why it takes no rows."""
    merged: str = ""
    """The name under which this entry stood before its village was merged away: the rest is that of the village it lives on in."""


@lru_cache(maxsize=4096)
def group_key(name: str) -> str:
    """第三村民小组, 三组, 3组 are one group."""
    folded = match_key(name).replace("村民小组", "组").replace("小组", "组").removeprefix("第")
    return re.sub("[零一二三四五六七八九十]+", lambda found: str(_chinese_number(found[0])), folded)


def _chinese_number(text: str) -> int:
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return int("".join(str(_DIGITS[character]) for character in text))
    return (_DIGITS.get(tens, 1) if len(tens) < 2 else 0) * 10 + _DIGITS.get(ones, 0)


def build_households(
    lines: Iterable[Line], villages: Mapping[str, KnownVillage], faults: Faults
) -> Packed:
    """Households in the order of their first row. One with a fault that blocks is left out: nothing is written then anyway."""
    grouped = Grouped()
    checker = Places(villages, faults)
    seen = _Seen(faults)
    for line in lines:
        checker.check(line)
        seen.check(line)
        if line.household:
            grouped.add(line.household, line)
    made = (_household(code, rows, villages, faults) for code, rows in grouped)
    return Packed(household for household in made if household is not None)


class _Seen:
    """One person, one row: the same ID or person code twice in a file is a fault of the later row (trust 45)."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self.identities: dict[str, int] = {}
        self.codes: dict[str, int] = {}

    def check(self, line: Line) -> None:
        if line.member is None:
            return
        first = self.identities.setdefault(line.member.identity, line.row)
        if first != line.row:
            value = shown(line.member.identity, secret=True)
            self.faults.error(
                line.row, TITLES["identity"], value, f"证件号码与第{first}行重复", "一人只能在一户，请核对两行"
            )
        first = self.codes.setdefault(line.member.code, line.row)
        if first != line.row:
            self.faults.error(line.row, TITLES["person"], line.member.code, f"人编号与第{first}行重复", "请核对人编号")


class Places:
    """Village by code and name; each pair is judged once, each row is told. `titles`: what the sheet calls its columns."""

    def __init__(self, villages: Mapping[str, KnownVillage], faults: Faults, titles: Mapping[str, str] = TITLES) -> None:
        self.villages, self.faults, self.titles = villages, faults, titles
        self._answers: dict[tuple[str, ...], tuple[str, str, str] | None] = {}

    def check(self, line: Line | NationalRow) -> None:
        if not line.household:
            return
        place = (line.household[:VILLAGE_DIGITS], line.village, line.township, line.county)
        if place not in self._answers:
            self._answers[place] = self._judge(*place)
        answer = self._answers[place]
        if answer is not None:
            key, reason, remedy = answer
            value = {
                "household": line.household,
                MERGED: line.household,
                "village": line.village,
                "township": line.township,
                "county": line.county,
            }[key]
            # Village code and village name agree: a township or county called otherwise is an old name, not another place (ruling 2).
            tell = self.faults.error if key in ("household", "village") else self.faults.warn
            tell(line.row, self.titles["household" if key == MERGED else key], value, reason, remedy)

    def _judge(self, code: str, village: str, township: str, county: str) -> tuple[str, str, str] | None:
        known = self.villages.get(code)
        if known is None:
            return "household", f"户编号所属的村{NOT_YOURS}", "请核对户编号前12位；其他乡镇的户由所在乡镇导入"
        if known.gone:
            return "household", known.gone, "请去掉这个村的行；已登记的户随村并入，户编号不变，有改动的在系统里逐户修改"
        if village and match_key(village) not in known.names:
            return "village", f"行政村与户编号不符：户编号属于{known.name}", "请核对行政村和户编号"
        if known.merged:
            return MERGED, f"{known.merged}已并入{known.name}，按并入的村导入，户编号不变", "不需要处理；以后请按并入的村填写"
        if township and match_key(township) != match_key(known.township_name):
            return "township", f"乡镇与户编号不符：户编号属于{known.township_name}", "村和编码相符，按户编号导入；请核对乡镇名称"
        if county and match_key(county) != match_key(known.county_name):
            return "county", f"县与户编号不符：户编号属于{known.county_name}", "村和编码相符，按户编号导入；请核对县名称"
        return None


def _household(
    code: str, lines: list[Line], villages: Mapping[str, KnownVillage], faults: Faults
) -> RosterHousehold | None:
    head = _head(code, lines, faults)
    village = villages.get(code[:VILLAGE_DIGITS])
    if head is None or village is None:
        return None
    if head.size is not None and head.size != len(lines):
        faults.error(
            head.row,
            TITLES["size"],
            head.size,
            f"人数与行数不符：户主行填{head.size}人，本户有{len(lines)}行",
            "请补齐成员或改正人数",
        )
    for line in lines:
        if line is not head:
            _compare_with_head(line, head, faults)
    group = _group(head, village, faults)
    members = tuple(line.member for line in lines if line.member is not None)
    if len(members) != len(lines):
        return None
    return RosterHousehold(code, code[:VILLAGE_DIGITS], group, members, dict(head.facts), head.phone, head.row)


def _head(code: str, lines: list[Line], faults: Faults) -> Line | None:
    heads = [line for line in lines if line.is_head]
    if not heads:
        faults.error(lines[0].row, TITLES["relation"], code, "这一户没有户主", "请把一名成员的与户主关系改为“户主”")
        return None
    for extra in heads[1:]:
        reason = f"这一户已有户主（第{heads[0].row}行）"
        faults.error(extra.row, TITLES["relation"], "户主", reason, "一户只能有一名户主；若是另一户，请改正户编号")
    return heads[0]


def _group(head: Line, village: KnownVillage, faults: Faults) -> str:
    """The group's name as stored; '' when the row is not placed in one (未分组)."""
    if not head.group:
        faults.warn(head.row, TITLES["group"], "", "没有填写自然村（组），导入后列为未分组", "请补填所在的组")
        return ""
    known = village.groups.get(group_key(head.group))
    if known is None:
        names = "、".join(name for _, name in village.groups.values()) or "（尚未登记组）"
        # The column is 自然村, which need not be a 村民小组: the household is counted as 未分组, Σ groups = village holds (ruling 3).
        remedy = f"已登记的组：{names}。请改组名，或请系统管理员增设小组"
        faults.warn(head.row, TITLES["group"], head.group, f"{village.name}没有这个组，导入后列为未分组", remedy)
        return ""
    return head.group if village.merged else known[1]


def _compare_with_head(line: Line, head: Line, faults: Faults) -> None:
    """Household columns on member rows: blank means nothing, another value is said and the head's row decides (ruling 3)."""
    if line.group and group_key(line.group) != group_key(head.group):
        _differs(line, "group", line.group, head, faults)
    for fact, key in _FACT_COLUMNS.items():
        value = line.facts[fact]
        if value not in (None, "") and value != head.facts[fact] and key not in head.unread:
            _differs(line, key, _said(key, value), head, faults)


def _said(key: str, value: object) -> object:
    if isinstance(value, bool):
        return "是" if value else "否"
    return _LISTS[key].label(value) if key in _LISTS else value


def _differs(line: Line, key: str, value: object, head: Line, faults: Faults) -> None:
    remedy = "户的情况以户主行为准；如户主行有误请改正"
    faults.warn(line.row, TITLES[key], value, f"与户主行（第{head.row}行）不一致", remedy)
