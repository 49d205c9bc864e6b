"""The two sheets of the 编辑用名册 and their columns: what says which row it is, what is only shown, what may be changed. Pure."""

from dataclasses import dataclass

from core.field_classes import FieldClass
from core.sheets import match_key
from households import codes
from households.fields import HOUSEHOLD, MEMBER, Field, Kind

TOKEN, VERSION = "行标识", "版本"
HOUSEHOLD_CODE, MEMBER_CODE = "户编号", "人编号"
CHOICES, GUIDE = "选项", "说明"
NORMAL_WAY = "不是从系统导出的行，请用花名册版式按普通导入办理"


@dataclass(frozen=True)
class Layout:
    """One sheet. `code` is the column that names the row, `shown` are columns that are never read, `fields` those that may be changed."""

    kind: str
    title: str
    code: str
    shown: tuple[str, ...]
    fields: tuple[Field, ...]

    @property
    def headings(self) -> list[str]:
        return [TOKEN, VERSION, *self.shown, *(one.caption for one in self.fields)]

    def place_of(self, name: str) -> str:
        return next(one.caption for one in self.fields if one.name == name)

    def columns(self, heading: list[object]) -> dict[str, list[int]]:
        """{token, version, code or name of a field: places} by heading; the unit may be missing, the order is free."""
        wanted = {match_key(TOKEN): TOKEN, match_key(VERSION): VERSION, match_key(self.code): self.code}
        wanted |= {match_key(said): one.name for one in self.fields for said in (one.label, one.caption)}
        found: dict[str, list[int]] = {}
        for place, cell in enumerate(heading):
            if cell is not None and (name := wanted.get(match_key(str(cell)))):
                found.setdefault(name, []).append(place)
        return found

    def unknown(self, heading: list[object]) -> list[str]:
        known = {match_key(said) for said in (TOKEN, VERSION, *self.shown)}
        known |= {match_key(said) for one in self.fields for said in (one.label, one.caption)}
        return [
            str(cell)
            for cell in heading
            if cell is not None and str(cell).strip() and match_key(str(cell)) not in known
        ]


def _open(fields: dict[str, Field]) -> tuple[Field, ...]:
    """ID numbers, and what holds one, are changed on the person's page or by the roster: here they are never in the clear."""
    return tuple(one for one in fields.values() if one.seen_by != FieldClass.IDENTITY)


HOUSEHOLDS = Layout(
    "H",
    "编辑-户",
    HOUSEHOLD_CODE,
    ("乡（镇）", "行政村", "组", HOUSEHOLD_CODE, "户主姓名", "人数"),
    _open(dict(HOUSEHOLD.named)),
)
MEMBERS = Layout(
    "M", "编辑-成员", MEMBER_CODE,
    ("行政村", "户主姓名", HOUSEHOLD_CODE, MEMBER_CODE, "姓名", "与户主关系", "性别", "出生日期", "证件号码"), _open(dict(MEMBER.named)),
)  # fmt: skip
LAYOUTS = (HOUSEHOLDS, MEMBERS)


def lists() -> dict[str, list[str]]:
    """{name of the list: its choices} of every column of which one value is chosen."""
    found = {codes.YES_NO.name: ["是", "否"]}
    for layout in LAYOUTS:
        found |= {
            one.codes.name: list(one.codes.items.values())
            for one in layout.fields
            if one.kind == Kind.CHOICE and one.codes
        }
    return found


def list_of(field: Field) -> str:
    if field.kind == Kind.YES_NO:
        return codes.YES_NO.name
    return field.codes.name if field.kind == Kind.CHOICE and field.codes else ""
