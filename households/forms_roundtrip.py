"""A changed cell of the 编辑用名册 as a value: by the box of the same field on the page, so that both take and refuse the same."""

from __future__ import annotations

import datetime
from decimal import Decimal

from django.core.exceptions import ValidationError

from core.sheets.values import EXACT_INTEGER
from households.codes import yes_no
from households.fields import Field, Kind
from households.forms_fields import NONE, field_of
from households.roundtrip.cells import NONE_OF_THEM

NEVER_NULL = ("skilled_certificate",)
"""Columns where a blank is a no."""
ONE_LINE_OF_CHOICES = 8


def value_of(field: Field, raw: object) -> object:
    """The value to store; sealed ones as text. Raises ValidationError in Chinese."""
    if raw is None or isinstance(raw, str) and not raw.strip():
        value = _cleaned(field, [] if field.kind == Kind.CHOICES else "")
        return False if value is None and field.name in NEVER_NULL else _text(field, value)
    if field.kind == Kind.YES_NO:
        return _answer(raw)
    if field.codes is not None:
        return _cleaned(field, _codes(field, raw))
    return _text(field, _cleaned(field, _typed(raw)))


def _cleaned(field: Field, data: object) -> object:
    value = field_of(field).clean(data)
    if field.name == "health" and value and "01" in value and value != "01":
        raise ValidationError("选了“健康”就不能再选其他。")
    return value


def _text(field: Field, value: object) -> object:
    return ("" if value is None else str(value)) if field.sealed else value


def _answer(raw: object) -> bool:
    answer = raw if isinstance(raw, bool) else yes_no(raw)
    if answer is None:
        raise ValidationError("只能填“是”或“否”，没有问到的空着。")
    return answer


def _codes(field: Field, raw: object) -> str | list[str]:
    if field.kind == Kind.CHOICES:
        if str(raw).strip() == NONE_OF_THEM:
            return [NONE[0]]
        found = field.codes.codes_of(str(raw))
        if found is not None:
            return list(found)
    elif (code := field.codes.code_of(str(raw))) is not None:
        return code
    labels = list(field.codes.items.values())
    said = "、".join(labels) if len(labels) <= ONE_LINE_OF_CHOICES else "见工作表“选项”"
    raise ValidationError(f"不是“{field.label}”的选项，应为：{said}")


def _typed(raw: object) -> str:
    if isinstance(raw, datetime.datetime):
        return raw.date().isoformat()
    if isinstance(raw, datetime.date):
        return raw.isoformat()
    if isinstance(raw, float) and abs(raw) >= EXACT_INTEGER:
        raise ValidationError("是过长的数字，末尾几位可能已丢失，请把这一格设为“文本”格式后重新填写。")
    if isinstance(raw, float):
        number = Decimal(format(raw, ".15g"))
        return format(number.quantize(Decimal(1)) if number == number.to_integral_value() else number, "f")
    return str(raw)


def words(fault: ValidationError) -> str:
    return "；".join(fault.messages)
