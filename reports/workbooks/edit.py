"""编辑用名册: the households' own writer, with what this app knows of round, place and maker."""

from __future__ import annotations

from typing import BinaryIO

from core.scope import FieldClass
from households.roundtrip.writing import write_edit_roster
from reports.workbooks.guide import Stamp, chinese_time
from reports.workbooks.model import Ask, Progress, Report
from reports.workbooks.sources import count_homes, homes_of


def write_edit(target: BinaryIO, ask: Ask, stamp: Stamp, progress: Progress) -> tuple[int, str]:
    about = (
        ("批次", f"{stamp.round.name}（{stamp.round.code}）"),
        ("地区", f"{stamp.area.name}（{stamp.area.code}）"),
        ("截至", chinese_time(stamp.made_at)),
        ("导出人", stamp.made_by),
        ("文件序号", stamp.serial),
    )
    return write_edit_roster(target, homes_of(ask), ask.scope, about, progress)


EDIT = Report(
    "edit", "编辑用名册", "户表和成员表，改好后可再上传", count=count_homes, write=write_edit,
    opens=(FieldClass.CONTACT, FieldClass.HEALTH, FieldClass.FINANCE),
)  # fmt: skip
