"""The 编辑用名册: households and members with everything that may be changed outside, each row with its hidden token, streamed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO

from django.db.models import QuerySet

from core.ids import mask_id, mask_phone
from core.scope import Scope
from core.sheets.rich import GREY, HEAD, Choices, RichBook, SheetLook, rich_book
from households import codes
from households.fields import Field, Kind, is_filled
from households.models import Household, Membership
from households.roundtrip.cells import MASKED_WORD, Shown, shown_cell
from households.roundtrip.layout import CHOICES, GUIDE, HOUSEHOLDS, LAYOUTS, MEMBERS, Layout, list_of, lists
from households.roundtrip.tokens import row_token
from households.secrets import reveal

CHUNK = 500
_FIRST = 2
_WIDE = (Kind.CHOICES, Kind.TEXT, Kind.LONG)
_TEXT = (
    "白色的列可以改，灰色的列只供查看，改了也不读取。",
    "隐藏的“行标识”“版本”两列不要改动、不要复制到别的行；可以排序、筛选、删去不改的行和列。",
    "空格表示没有问到：把有内容的格子清空，就是把这一项改为没有问到。",
    "多选的项用“、”隔开；一项都没有的填“都没有”。选项见工作表“选项”。",
    "星号是您无权查看的内容，不会写回。证件号码、姓名、与户主关系、组和成员的增减不在这里改。",
    "改好后由乡镇或县在“导入”页上传：只有您改过的格子写入；别人也改过的格子列为冲突，不写入。",
)
Progress = Callable[[int], None]


class _Digest:
    """Rows out and the digest of their cells."""

    def __init__(self) -> None:
        self.rows, self._hash = 0, hashlib.sha256()

    def note(self, cells: list[object]) -> None:
        self.rows += 1
        self._hash.update(json.dumps(cells, ensure_ascii=False, default=str, separators=(",", ":")).encode() + b"\n")

    def hex(self) -> str:
        return self._hash.hexdigest()


def write_edit_roster(
    target: BinaryIO,
    households: QuerySet[Household],
    scope: Scope,
    about: Iterable[tuple[str, str]],
    progress: Progress,
) -> tuple[int, str]:
    """Answers the number of rows of both sheets and the digest of their cells. `about`: lines of the sheet 说明 before the rules."""
    named, places = lists(), list(lists())
    digest = _Digest()
    with rich_book(target) as book:
        for layout, rows in ((HOUSEHOLDS, _household_rows), (MEMBERS, _member_rows)):
            with book.sheet(layout.title, _look(layout, named, places)) as sheet:
                sheet.row(layout.headings, _GREY[layout.kind], every=HEAD)
                for cells in rows(households, scope, progress if layout is HOUSEHOLDS else _silent):
                    digest.note(cells[2:])
                    sheet.row(cells, _GREY[layout.kind])
        _write_lists(book, named)
        _write_guide(book, [*about, ("行数", str(digest.rows)), ("内容校验码", digest.hex())])
        book.finish()
    return digest.rows, digest.hex()


def _silent(done: int) -> None:
    """Members follow the households: the bar has been there."""


_GREY = {layout.kind: dict.fromkeys(range(2 + len(layout.shown)), GREY) for layout in LAYOUTS}


def _look(layout: Layout, named: dict[str, list[str]], places: list[str]) -> SheetLook:
    first = 2 + len(layout.shown)
    choices = [
        Choices(first + n, CHOICES, places.index(name), _FIRST, _FIRST + len(named[name]) - 1)
        for n, one in enumerate(layout.fields)
        if (name := list_of(one))
    ]
    widths = [
        4.0,
        4.0,
        *(22.0 if title.endswith("编号") else 12.0 for title in layout.shown),
        *(22.0 if one.kind in _WIDE else 14.0 for one in layout.fields),
    ]
    return SheetLook(widths=widths, hidden_columns=(0, 1), choices=choices)


def _write_lists(book: RichBook, named: dict[str, list[str]]) -> None:
    with book.sheet(CHOICES, SheetLook(widths=[18.0] * len(named))) as sheet:
        sheet.row(list(named), every=HEAD)
        for number in range(max(map(len, named.values()))):
            sheet.row([labels[number] if number < len(labels) else None for labels in named.values()])


def _write_guide(book: RichBook, about: Iterable[tuple[str, str]]) -> None:
    with book.sheet(GUIDE, SheetLook(widths=[16.0, 110.0], frozen=False)) as sheet:
        for line in _TEXT:
            sheet.row(["怎样改", line])
        for name, said in about:
            sheet.row([name, said])


def _household_rows(households: QuerySet[Household], scope: Scope, progress: Progress) -> Iterator[list[object]]:
    done = 0
    for chunk in _chunks(households.select_related("township", "village", "group")):
        for row in chunk:
            shown = [
                row.township.name,
                row.village.name,
                row.group.name if row.group else "",
                row.code,
                row.head_name,
                row.persons,
            ]
            yield [*_mark(HOUSEHOLDS, row, row, row.code), *shown, *_cells(HOUSEHOLDS, row, row, scope)]
        done += len(chunk)
        progress(done)


def _member_rows(households: QuerySet[Household], scope: Scope, progress: Progress) -> Iterator[list[object]]:
    for chunk in _chunks(households.select_related("village")):
        of = {row.pk: row for row in chunk}
        members = Membership.objects.current().filter(household__in=of).select_related("person")
        for one in sorted(members, key=lambda m: (of[m.household_id].code, m.relation != "01", m.code, m.pk)):
            row, person = of[one.household_id], one.person
            shown = [
                row.village.name, row.head_name, row.code, one.code, person.name, codes.RELATION.items.get(one.relation, one.relation),
                person.get_sex_display(), person.birth, mask_id(person.id_enc),
            ]  # fmt: skip
            yield [*_mark(MEMBERS, row, one, one.code), *shown, *_cells(MEMBERS, row, one, scope)]


def _chunks(households: QuerySet[Household]) -> Iterator[list[Household]]:
    """By code, keyset: memory does not grow with the county."""
    after = ""
    while chunk := list(households.order_by("code").filter(code__gt=after)[:CHUNK]):
        yield chunk
        after = chunk[-1].code


def _mark(layout: Layout, household: Household, subject: Household | Membership, code: str) -> list[object]:
    return [row_token(layout.kind, subject.uuid, code, household.county_id, household.version), household.version]


def _cells(layout: Layout, household: Household, subject: Household | Membership, scope: Scope) -> list[Shown]:
    """What may be changed; stars where the caller may not see a value (ruling 6, trust A2)."""
    sees = {one.seen_by: one.seen_by is None or scope.may_see(one.seen_by, household) for one in layout.fields}
    return [_cell(one, subject, sees[one.seen_by]) for one in layout.fields]


def _cell(one: Field, subject: Household | Membership, sees: bool) -> Shown:
    if sees:
        return shown_cell(one, reveal(subject, one.name) if one.sealed else getattr(subject, one.name))
    if one.kind == Kind.PHONE:
        return mask_phone(reveal(subject, one.name)) or None
    stored = getattr(subject, f"{one.name}_enc" if one.sealed else one.name)
    return MASKED_WORD if is_filled(stored) else None
