"""花名册: the 26 columns of the national layout + 序号 (brief 3.7), one row a person, streamed.

A number or a phone is in full only where the caller may see it for that household; otherwise masked (ruling 6, trust A2).
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import BinaryIO

from django.db.models import QuerySet

from core.ids import mask_id, mask_phone
from core.scope import FieldClass, Scope
from core.sheets.writer import OutColumn, OutSheet, write_table
from households import codes
from households.models import Household, Membership
from households.secrets import reveal
from reports.workbooks.guide import Stamp, guide_sheet

SHEET = "花名册"
CHUNK = 500
MASKED_WORD = "＊＊＊"

_LAYOUT: tuple[tuple[str, str, float, str], ...] = (
    ("序号", "integer", 7, "本表行号"),
    ("县(市、区、旗)", "text", 12, "农户所在县"),
    ("乡(镇)", "text", 12, "农户所在乡镇"),
    ("行政村", "text", 24, "农户所在村或社区"),
    ("自然村", "text", 10, "村民小组"),
    ("户编号", "code", 20, "16 位户编号，搬迁不变"),
    ("人编号", "code", 22, "18 位人编号"),
    ("姓名", "text", 10, "成员姓名"),
    ("证件号码", "code", 22, "身份证或残疾证号码；无权查看全号的以星号代替"),
    ("人数", "integer", 7, "在户成员数，只填在户主行"),
    ("与户主关系", "text", 11, "国家代码表"),
    ("民族", "text", 9, "GB/T 3304"),
    ("文化程度", "text", 14, "国家代码表"),
    ("在校生状况", "text", 14, "国家代码表"),
    ("健康状况", "text", 16, "国家代码表，可多项"),
    ("劳动技能", "text", 14, "国家代码表"),
    ("务工状况", "text", 11, "国家代码表"),
    ("务工时间（月）", "integer", 9, "一年内务工月数，0 至 12"),
    ("参加大病医疗", "text", 9, "是或否"),
    ("脱贫属性", "text", 10, "户的现状"),
    ("贫困户属性", "text", 14, "户的属性，国家代码表"),
    ("主要致贫原因", "text", 14, "一户一项，国家代码表"),
    ("危房户", "text", 8, "是或否"),
    ("饮水安全", "text", 8, "是或否"),
    ("饮水困难", "text", 8, "是或否"),
    ("人均纯收入", "integer", 10, "元"),
    ("联系电话", "code", 14, "无权查看全号的以星号代替"),
)
ROSTER_COLUMNS = tuple(OutColumn(title, kind, width) for title, kind, width, _ in _LAYOUT)
Progress = Callable[[int], None]


def write_roster(
    target: BinaryIO, households: QuerySet[Household], scope: Scope, stamp: Stamp, progress: Progress
) -> tuple[int, str]:
    """Stream the roster and its 口径说明; answers the number of persons and the digest of the cells."""
    count, digest = 0, hashlib.sha256()

    def rows() -> Iterator[list[object]]:
        nonlocal count
        for row in person_rows(households, scope, progress):
            count += 1
            row[0] = count
            digest.update(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
            yield row

    def sheets() -> Iterator[OutSheet]:
        yield OutSheet(SHEET, ROSTER_COLUMNS, rows())
        # Asked for only after the roster is written, when count and digest are known.
        meanings = [(title, meaning, "", "") for title, _, _, meaning in _LAYOUT]
        yield guide_sheet([*stamp.lines(digest.hexdigest(), count), *meanings])

    write_table(target, sheets())
    return count, digest.hexdigest()


def person_rows(households: QuerySet[Household], scope: Scope, progress: Progress) -> Iterator[list[object]]:
    """Rows by household code, the head first. Keyset chunks: memory does not grow with the roster."""
    rows = households.select_related("county", "township", "village", "group").order_by("code")
    after, done = "", 0
    while chunk := list(rows.filter(code__gt=after)[:CHUNK]):
        members: dict[int, list[Membership]] = defaultdict(list)
        found = Membership.objects.current().filter(household__in=[h.pk for h in chunk]).select_related("person")
        for member in found:
            members[member.household_id].append(member)
        for household in chunk:
            order = sorted(members[household.pk], key=lambda m: (m.relation != "01", m.code, m.pk))
            yield from (_person_row(household, member, scope) for member in order)
        after, done = chunk[-1].code, done + len(chunk)
        progress(done)


def _person_row(household: Household, member: Membership, scope: Scope) -> list[object]:
    is_head = member.relation == "01"
    return [
        0,
        household.county.name,
        household.township.name,
        household.village.name,
        household.group.name if household.group else "",
        household.code,
        member.code,
        member.person.name,
        _identity(household, member, scope),
        household.persons if is_head else None,
        _label(codes.RELATION, member.relation),
        _label(codes.ETHNICITY, member.person.ethnicity),
        _label(codes.EDUCATION, member.education),
        _label(codes.SCHOOLING, member.schooling),
        _health(household, member, scope),
        _label(codes.SKILL, member.skill),
        _label(codes.WORK_PLACE, member.work_place),
        member.work_months,
        _yes_no(member.serious_illness_insured),
        *_household_cells(household),
        _phone(household, member, scope, is_head=is_head),
    ]


def _household_cells(household: Household) -> list[object]:
    return [
        _label(codes.EXIT_STATUS, household.exit_status),
        _label(codes.ATTRIBUTE, household.attribute),
        _label(codes.CAUSE, household.cause),
        _yes_no(household.dangerous_house),
        _yes_no(household.water_safe),
        _yes_no(household.water_difficult),
        household.net_income_per_head,
    ]


def _identity(household: Household, member: Membership, scope: Scope) -> str:
    may_see = scope.may_see(FieldClass.IDENTITY, household)
    return reveal(member.person, "id") if may_see else mask_id(member.person.id_enc)


def _phone(household: Household, member: Membership, scope: Scope, *, is_head: bool) -> str:
    number = reveal(member, "phone") or (reveal(household, "phone") if is_head else "")
    return number if scope.may_see(FieldClass.CONTACT, household) else mask_phone(number)


def _health(household: Household, member: Membership, scope: Scope) -> str:
    if not member.health:
        return ""
    return codes.HEALTH.labels(member.health.split(",")) if scope.may_see(FieldClass.HEALTH, household) else MASKED_WORD


def _label(code_list: codes.CodeList, code: str) -> str:
    return code_list.items.get(code, "")


def _yes_no(value: bool | None) -> str:
    return "" if value is None else ("是" if value else "否")
