"""Sheet 2 of every workbook, 口径说明: what each column means, and which round, rubric, time and person made the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from assessment.models import Round
from core.sheets.writer import OutColumn, OutSheet
from reports.catalog import Column
from reports.models import Snapshot
from villages.models import Place

TITLE = "口径说明"
_COLUMNS = (
    OutColumn("项目", width=26),
    OutColumn("说明", width=70),
    OutColumn("单位", width=8),
    OutColumn("代码", width=28),
)
Line = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a workbook says about its own making. `serial` names this file on the trail; `numbers` says whether whole numbers are in it, for
    what and by whose leave; `frozen`: the 定稿 whose figures it has."""

    round: Round
    area: Place
    made_at: datetime
    made_by: str
    serial: str = ""
    numbers: str = ""
    frozen: Snapshot | None = None

    @property
    def foot(self) -> str:
        """The watermark at the foot of every printed page."""
        local = timezone.localtime(self.made_at)
        return f"{self.made_by} {local:%Y-%m-%d %H:%M} 文件序号 {self.serial or '—'}　内部资料，不得外传"

    def lines(self, digest: str, rows: int) -> Iterator[Line]:
        rubric = self.round.rubric
        yield "批次", f"{self.round.name}（{self.round.code}）", "", ""
        yield "地区", f"{self.area.name}（{self.area.code}）", "", ""
        yield "基准日", chinese_day(self.round.reference_date), "", ""
        yield "评估表", f"{rubric.name}（{rubric.code}）", "", ""
        yield "评估表校验码", self.frozen.rubric_digest if self.frozen else rubric.digest, "", ""
        yield "截至", chinese_time(self.frozen.at if self.frozen else self.made_at), "", ""
        if self.frozen:
            yield from frozen_lines(self.frozen)
            yield "导出时间", chinese_time(self.made_at), "", ""
        yield "导出人", self.made_by, "", ""
        if self.serial:
            yield "文件序号", f"{self.serial}（印在每页页脚，审计可按它查到本文件）", "", ""
        if self.numbers:
            yield "号码", self.numbers, "", ""
        yield "行数", str(rows), "", ""
        yield "内容校验码", digest, "", ""


def frozen_lines(snapshot: Snapshot, which: str = "") -> Iterator[Line]:
    """A 定稿 by its number, day, person and 校验码; `which` of two."""
    yield f"{which}定稿编号", snapshot.serial, "", ""
    yield f"{which}定稿时间", chinese_time(snapshot.at), "", ""
    yield f"{which}定稿人", snapshot.by_name, "", ""
    yield f"{which}定稿校验码", snapshot.digest, "", ""


def guide_sheet(lines: Iterable[Line], foot: str = "") -> OutSheet:
    return OutSheet(TITLE, _COLUMNS, lines, foot)


def column_lines(columns: Iterable[Column]) -> Iterator[Line]:
    for column in columns:
        yield column.title, column.definition, column.unit, column.code


def chinese_day(day) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def chinese_time(moment: datetime) -> str:
    local = timezone.localtime(moment)
    return f"{chinese_day(local)} {local:%H:%M}"
