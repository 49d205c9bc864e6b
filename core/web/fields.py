"""Form fields for what cadres type on phones and paste from chats: plain value or a refusal in Chinese, never a fault of the server."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone

from core import text

_HAND_PHONE = re.compile(r"1[0-9]{10}")
_GLUE = re.compile(r"[\s\-()（）－]+")
LONGEST_TYPED = 20_000
NUMBER_REFUSED = "不要写证件号码、电话或银行卡号，这些另有专门的栏。"


def _read(reader: Callable[[str], Any], value: str) -> Any:
    try:
        return reader(value)
    except ValueError as error:
        raise forms.ValidationError(str(error), code="invalid") from None


class _Typed(forms.Field):
    """One text box. `read` makes the value of what was typed; blank is `empty`."""

    empty: Any = None
    attrs: dict[str, str] = {}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off"} | self.attrs))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        if value is None or isinstance(value, str) and not text.clean_line(value[:LONGEST_TYPED]):
            return self.empty
        return self.read(value if isinstance(value, str) else str(value))

    def read(self, typed: str) -> Any:
        raise NotImplementedError


class LineField(_Typed):
    """One line of free text that is kept in the clear; `numbers=True` lets personal numbers pass (a sealed or public one)."""

    empty = ""

    def __init__(self, *, longest: int = 200, numbers: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.longest, self.numbers = longest, numbers
        self.widget.attrs.setdefault("maxlength", str(longest))

    def read(self, typed: str) -> str:
        if len(typed) > LONGEST_TYPED:
            raise forms.ValidationError(f"最多 {self.longest} 字。", code="long")
        clean = self.clean_text(typed)
        if len(clean) > self.longest:
            raise forms.ValidationError(f"最多 {self.longest} 字，现在 {len(clean)} 字。", code="long")
        if not self.numbers and text.carries_number(clean):
            raise forms.ValidationError(NUMBER_REFUSED, code="number")
        return clean

    def clean_text(self, typed: str) -> str:
        return text.clean_line(typed)


class BlockField(LineField):
    """Several lines."""

    def __init__(self, *, rows: int = 3, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(**kwargs)

    def clean_text(self, typed: str) -> str:
        return text.clean_block(typed)


class NameField(LineField):
    """A person's name."""

    def __init__(self, *, longest: int = 64, **kwargs: Any) -> None:
        super().__init__(longest=longest, numbers=True, **kwargs)

    def clean_text(self, typed: str) -> str:
        return _read(text.clean_name, typed)


class NumberField(_Typed):
    """A number between `lowest` and `highest` with at most `places` decimals: int without places, else Decimal."""

    def __init__(self, *, lowest: Decimal | int | None = None, highest: Decimal | int | None = None, places: int = 0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.lowest, self.highest, self.places = lowest, highest, places
        negative = lowest is not None and lowest < 0
        if not negative:  # the phone's number pad has no minus sign
            self.widget.attrs.setdefault("inputmode", "decimal" if places else "numeric")

    def read(self, typed: str) -> int | Decimal:
        negative = self.lowest is None or self.lowest < 0
        value = _read(lambda one: text.number_of(one, negative=negative), typed)
        kept = round(value, self.places)
        if kept != value:
            raise forms.ValidationError(f"最多 {self.places} 位小数。" if self.places else "请填整数。", code="places")
        if self.lowest is not None and value < self.lowest or self.highest is not None and value > self.highest:
            raise forms.ValidationError(self._range(), code="range")
        return Decimal(kept) if self.places else int(value)

    def prepare_value(self, value: Any) -> Any:
        """12.00 is shown as 12, as somebody types it."""
        if not isinstance(value, Decimal):
            return value
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text

    def _range(self) -> str:
        if self.lowest is None:
            return f"不能大于 {self.highest:,}。"
        return f"不能小于 {self.lowest:,}。" if self.highest is None else f"须在 {self.lowest:,} 至 {self.highest:,} 之间。"


class PhoneField(_Typed):
    """A mobile number of 11 digits; spaces, hyphens and +86 are taken off."""

    empty = ""
    attrs = {"inputmode": "tel"}

    def read(self, typed: str) -> str:
        number = _GLUE.sub("", text.clean_line(typed[:LONGEST_TYPED])).removeprefix("+86").removeprefix("＋86")
        if len(number) == 13:
            number = number.removeprefix("86")
        if not _HAND_PHONE.fullmatch(number):
            raise forms.ValidationError("联系电话须为 11 位手机号。", code="invalid")
        return number


class CardField(_Typed):
    """A bank card of 12 to 19 digits."""

    empty = ""
    attrs = {"inputmode": "numeric"}

    def __init__(self, *, shortest: int = 12, longest: int = 19, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.shortest, self.longest = shortest, longest

    def read(self, typed: str) -> str:
        number = _GLUE.sub("", text.clean_line(typed[:LONGEST_TYPED]))
        if not re.fullmatch(r"[0-9]+", number) or not self.shortest <= len(number) <= self.longest:
            raise forms.ValidationError(f"卡号须为 {self.shortest} 至 {self.longest} 位数字。", code="invalid")
        return number


class DayField(_Typed):
    """A day as people write it (see `core.text.day_of`). `future=False` refuses days after today."""

    attrs = {"inputmode": "numeric", "placeholder": "如 20160305"}

    def __init__(self, *, future: bool = True, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.future = future

    def read(self, typed: str) -> date:
        day = _read(text.day_of, typed)
        if not self.future and day > timezone.localdate():
            raise forms.ValidationError("不能晚于今天，请核对年份。", code="future")
        return day

    def prepare_value(self, value: Any) -> Any:
        return value.isoformat() if isinstance(value, date) else value
