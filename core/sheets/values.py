"""One cell to one value of the column's kind, or the reason why not. Nothing is repaired by guessing (E5)."""

from __future__ import annotations

import datetime
import math
import re
from decimal import Decimal
from typing import NamedTuple

from .headers import Column
from .text import clean_code, clean_text

LONGEST_TEXT = 2000
EXACT_INTEGER = 10**15  # Excel keeps 15 digits; beyond that the last ones are already lost.
_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,10})?")
_INTEGER = re.compile(r"[+-]?[0-9]{1,15}")
_SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?E\+?[0-9]+")
_DATES = (
    re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})"),
    re.compile(r"([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})"),
    re.compile(r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日"),
)
_FIRST_YEAR, _LAST_YEAR = 1900, 2100


class Cell(NamedTuple):
    """`value` is None for an empty cell, else str, Decimal, int or date as `kind` says."""

    value: str | Decimal | int | datetime.date | None
    kind: str


class BadCell(Exception):
    def __init__(self, reason: str, remedy: str):
        super().__init__(reason)
        self.reason, self.remedy = reason, remedy


def convert(raw: object, column: Column) -> Cell:
    """The value, or `BadCell`."""
    if isinstance(raw, str) and len(raw) > LONGEST_TEXT:
        raise BadCell(f"文字超过 {LONGEST_TEXT} 个字", "请缩短内容")
    value = None if raw is None else _CONVERTERS[column.kind](raw)
    if value is None and column.filled:
        raise BadCell("不能为空", f"请填写{column.title}")
    return Cell(value, column.kind)


def _text(raw: object) -> str | None:
    if isinstance(raw, str):
        return clean_text(raw) or None
    if isinstance(raw, bool):
        raise BadCell("是逻辑值（TRUE/FALSE），不是文字", "请设为“文本”格式后填写文字")
    if isinstance(raw, int | float):
        if not math.isfinite(raw) or abs(raw) >= EXACT_INTEGER:
            raise BadCell("是过长的数字，末尾几位可能已丢失", "请把该列设为“文本”格式后重新填写")
        return str(int(raw)) if raw == int(raw) else format(_decimal(raw), "f")
    raise BadCell("已被表格软件变成日期或时间", "请把该列设为“文本”格式后重新填写")


def _code(raw: object) -> str | None:
    """Numeric cells are refused for every code column, whatever their length (ruling 11)."""
    if not isinstance(raw, str):
        raise BadCell("编码是数字（或日期）格式，末尾几位可能已丢失", "请把该列设为“文本”格式后重新填写，不要只改格式")
    code = clean_code(raw)
    if _SCIENTIFIC.fullmatch(code):
        raise BadCell("编码成了科学计数法，末尾几位已丢失", "请把该列设为“文本”格式后重新填写")
    return code or None


def _decimal(number: float) -> Decimal:
    """As Excel shows it: 15 significant digits, so that 0.1+0.2 is 0.3."""
    return Decimal(format(number, ".15g"))


def _number(raw: object) -> Decimal | None:
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        raise BadCell("不是数字", "请填写数字")
    if not isinstance(raw, str):
        if not math.isfinite(raw) or abs(raw) >= EXACT_INTEGER:
            raise BadCell("数字超出范围", "请核对数字")
        return _decimal(raw)
    text = clean_code(raw)
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        raise BadCell("不是数字", "请只填写阿拉伯数字，不带单位、逗号和文字")
    return Decimal(text)


def _integer(raw: object) -> int | None:
    if isinstance(raw, str):
        text = clean_code(raw)
        if text and not _INTEGER.fullmatch(text):
            raise BadCell("不是整数", "请只填写整数，不带单位和文字")
        return int(text) if text else None
    number = _number(raw)
    if number != int(number):
        raise BadCell("不是整数", "请填写整数")
    return int(number)


def _date(raw: object) -> datetime.date | None:
    if isinstance(raw, datetime.datetime):
        if raw.time() != datetime.time():
            raise BadCell("日期带有时间", "请只填写日期")
        return _in_range(raw.date())
    if isinstance(raw, datetime.date):
        return _in_range(raw)
    if not isinstance(raw, str):
        raise BadCell("是数字，不是日期", "请按 2016-03-05 的样式填写日期")
    text = clean_code(raw)
    if not text:
        return None
    found = next((match for pattern in _DATES if (match := pattern.fullmatch(text))), None)
    if found is None:
        raise BadCell("日期写法不能识别", "请按 2016-03-05、2016/3/5 或 2016年3月5日 的样式填写")
    try:
        return _in_range(datetime.date(*map(int, found.groups())))
    except ValueError:
        raise BadCell("没有这一天", "请核对年、月、日") from None


def _in_range(day: datetime.date) -> datetime.date:
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise BadCell(f"年份不在 {_FIRST_YEAR} 至 {_LAST_YEAR} 年之间", "请核对年份")
    return day


_CONVERTERS = {"text": _text, "code": _code, "number": _number, "integer": _integer, "date": _date}
