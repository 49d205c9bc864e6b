"""A cell to the value of a declared field, or the reason why not. Nothing is repaired by guessing (trust E5). Pure."""

import re
from datetime import date
from decimal import Decimal

from households.codes import CodeList, yes_no
from households.fields import Field, Kind
from households.fields.words import AS_TEXT

NONE_OF_THEM = ("无", "没有", "都没有")
LONGEST_LIST = 30
_PHONE = re.compile(r"[0-9+-]{5,20}")
_BANK_CARD = re.compile(r"[0-9]{12,19}")
_CENT = Decimal("0.01")


class BadValue(Exception):
    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(reason)
        self.reason, self.remedy = reason, remedy


def accepted(codes: CodeList) -> str:
    labels = list(codes.items.values())
    return f"应为国家标准名称，如{'、'.join(labels[:4])}" if len(labels) > LONGEST_LIST else "应为：" + "、".join(labels)


def value_of(field: Field, raw: object, today: date) -> object:
    """`raw`: what `core.sheets` made of the cell by the column's kind, never None. BadValue says what is wrong and how to mend it."""
    if field.kind == Kind.CHOICE:
        return _coded(field, raw)
    if field.kind == Kind.CHOICES:
        return _several(field, raw)
    if field.kind == Kind.YES_NO:
        answer = yes_no(raw)
        if answer is None:
            raise BadValue("只能填“是”或“否”", "请改为“是”或“否”")
        return answer
    if field.kind in (Kind.NUMBER, Kind.YEAR, Kind.DECIMAL, Kind.YUAN):
        return _number(field, raw)
    return _worded(field, raw, today)


def _coded(field: Field, raw: object) -> str:
    code = field.codes.code_of(raw)
    if code is None:
        raise BadValue(f"不是“{field.codes.name}”的规定选项", accepted(field.codes))
    return code


def _several(field: Field, raw: object) -> object:
    found = () if raw in NONE_OF_THEM and field.name not in AS_TEXT else field.codes.codes_of(raw)
    if found is None:
        raise BadValue(f"不是“{field.label}”的规定选项", accepted(field.codes) + "；可多选，用“、”隔开")
    if field.longest and len(found) > field.longest:
        raise BadValue(f"最多{field.longest}个", f"请只保留最主要的{field.longest}个")
    return ",".join(found) if field.name in AS_TEXT else list(found)


def _number(field: Field, raw: int | Decimal) -> int | Decimal:
    too_low = field.lowest is not None and raw < field.lowest
    if too_low or (field.highest is not None and raw > field.highest):
        raise BadValue(f"应在{field.lowest}至{field.highest}{field.unit}之间", f"请核对{field.label}" + (f"，单位是{field.unit}" if field.unit else ""))
    if isinstance(raw, Decimal) and raw != raw.quantize(_CENT):
        raise BadValue("最多两位小数", "请四舍五入到两位小数后填写")
    return raw.quantize(_CENT) if isinstance(raw, Decimal) else raw


def _worded(field: Field, raw: object, today: date) -> object:
    if field.kind == Kind.DATE:
        if raw > today:
            raise BadValue("日期在今天之后", "请核对日期")
        return raw
    if field.kind == Kind.PHONE and not _PHONE.fullmatch(raw := "".join(raw.split())):
        raise BadValue("不是电话号码", "请填写11位手机号码或带区号的座机号码")
    if field.name == "bank_card" and not _BANK_CARD.fullmatch(raw):
        raise BadValue("不是银行卡号", "银行卡号为12至19位数字，该列设为“文本”格式")
    if field.longest and len(raw) > field.longest:
        raise BadValue(f"超过{field.longest}个字", "请缩短内容")
    return raw
