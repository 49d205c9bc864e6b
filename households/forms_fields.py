"""Form fields from declarations: one place where a `households.fields.Field` becomes a box on a page, and a stored value its contents."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from core.web.fields import BlockField, CardField, DayField, LineField, NumberField, PhoneField
from households.codes import CodeList
from households.fields import Field, Kind, codes_in, is_filled
from households.fields.words import AS_TEXT

UNKNOWN = ("", "未填")
NONE = ("none", "都没有")
LAID_OUT = 5
"""A list of at most this many is shown as lines to tap."""


class CodesField(forms.MultipleChoiceField):
    """Several codes. None = not asked, [] = none of them (said by its own box); `as_text` gives the older columns' commas instead."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, codes: CodeList, *, longest: int = 0, as_text: bool = False, **kwargs: Any) -> None:
        super().__init__(choices=codes.choices if as_text else [*codes.choices, NONE], **kwargs)
        self.longest, self.as_text = longest, as_text

    def clean(self, value: Any) -> list[str] | str | None:
        chosen = super().clean(value)
        chosen = [code for code, _ in self.choices if code in chosen]  # the list's order, each once
        if NONE[0] in chosen and len(chosen) > 1:
            raise forms.ValidationError("选了“都没有”就不能再选其他。")
        if self.longest and len(chosen) > self.longest:
            raise forms.ValidationError(f"最多选 {self.longest} 个，现在选了 {len(chosen)} 个。")
        if self.as_text:
            return ",".join(chosen)
        return None if not chosen else [code for code in chosen if code != NONE[0]]


class CodeField(forms.Field):
    """One code of a long list, typed or picked by its name (a shared datalist keeps a page of twelve members small)."""

    def __init__(self, codes: CodeList, datalist: str, **kwargs: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs={"list": datalist, "autocomplete": "off"}), **kwargs)
        self.codes, self.choices = codes, codes.choices

    def to_python(self, value: Any) -> str:
        if value in (None, "") or not str(value).strip():
            return ""
        code = self.codes.code_of(str(value)[:40])
        if code is None:
            raise forms.ValidationError(f"没有这个{self.codes.name}，请从列表里选。")
        return code

    def prepare_value(self, value: Any) -> Any:
        return self.codes.items.get(value, value)


def field_of(declared: Field, *, taps: bool = False) -> forms.Field:
    """The box of a declared field; nothing is required. `taps` lays yes and no, and a short list, out to be tapped instead of opened."""
    common = {"label": declared.caption, "help_text": declared.help, "required": False}
    codes = declared.codes
    if declared.kind == Kind.CHOICE and taps and len(codes.choices) <= LAID_OUT:
        return forms.ChoiceField(choices=[*codes.choices, UNKNOWN], widget=forms.RadioSelect, **common)
    if declared.kind == Kind.CHOICE:
        return forms.ChoiceField(choices=[UNKNOWN, *codes.choices], **common)
    if declared.kind == Kind.CHOICES:
        return CodesField(codes, longest=declared.longest, as_text=declared.name in AS_TEXT, **common)
    if declared.kind == Kind.YES_NO:
        choices = [("1", "是"), ("0", "否"), UNKNOWN]
        widget = forms.RadioSelect if taps else forms.Select
        return forms.TypedChoiceField(choices=choices, coerce=lambda value: value == "1", empty_value=None, widget=widget, **common)
    return _typed(declared, common)


def _typed(declared: Field, common: dict[str, Any]) -> forms.Field:
    kind, span = declared.kind, {"lowest": declared.lowest, "highest": declared.highest}
    if kind in (Kind.NUMBER, Kind.YEAR):
        return NumberField(**span, **common)
    if kind in (Kind.DECIMAL, Kind.YUAN):
        return NumberField(**span, places=2, **common)
    if kind == Kind.PHONE:
        return PhoneField(**common)
    if kind == Kind.CARD:
        return CardField(**common)
    if kind == Kind.DATE:
        return DayField(future=False, **common)
    return (BlockField if kind == Kind.LONG else LineField)(longest=declared.longest or 200, **common)


def initial_of(declared: Field, value: object) -> object:
    """What the box shows of a stored value, or of one that the ledger kept as JSON."""
    if declared.kind == Kind.YES_NO:
        return {True: "1", False: "0", None: ""}[value]
    if declared.kind == Kind.CHOICES:
        return codes_in(value) or ([NONE[0]] if is_filled(value) else [])
    if not is_filled(value):
        return "" if declared.kind in (Kind.CHOICE, Kind.TEXT, Kind.LONG, Kind.PHONE, Kind.CARD) else None
    if declared.kind in (Kind.DECIMAL, Kind.YUAN):
        return Decimal(str(value))
    if declared.kind == Kind.DATE and isinstance(value, str):
        return date.fromisoformat(value)
    return value
