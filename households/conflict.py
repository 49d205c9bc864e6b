"""Two saves of one form that met: which fields clash, and the form filled again as the user chose. Values as the form shows them."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.forms import BoundField, Form
from django.http import QueryDict

KEEP, THEIRS = "keep-", "theirs"
EMPTY = "（空）"


@dataclass(frozen=True, slots=True)
class Both:
    """A field where the other saved something else than the user typed."""

    name: str
    label: str
    mine: str
    theirs: str
    untouched: bool
    """The user never changed it since opening the form: the other's value is the one offered."""


def both_sides(form: Form, now: Mapping[str, object], base: Mapping[str, object]) -> list[Both]:
    """Fields that the other changed since the form was opened with `base` and that do not read the same now. Where the base is not
    known ({}), every field that differs."""
    found = []
    for bound in form.visible_fields():
        if bound.name not in now:
            continue
        mine, theirs = shown(bound, bound.value()), shown(bound, now[bound.name])
        was = shown(bound, base[bound.name]) if bound.name in base else None
        if mine != theirs and theirs != was:
            found.append(Both(bound.html_name, str(bound.label), mine or EMPTY, theirs or EMPTY, mine == was))
    return found


def is_saved(form: Form, now: Mapping[str, object]) -> bool:
    """All that was typed is what is stored: the save was sent again because its answer was lost, or another saved the same words."""
    unknown = (bound for bound in form.visible_fields() if bound.name not in now)
    return not both_sides(form, now, {}) and not any(shown(bound, bound.value()) for bound in unknown)


def taking_theirs(data: QueryDict, form: Form, now: Mapping[str, object]) -> QueryDict:
    """What was posted, with the stored value where the user chose it."""
    chosen = [key.removeprefix(KEEP) for key, value in data.items() if key.startswith(KEEP) and value == THEIRS]
    data = data.copy()
    for name in chosen:
        if name in form.fields and name in now:
            value = now[name]
            data.setlist(name, [str(one) for one in value] if isinstance(value, list) else ["" if value in (None, False) else str(value)])
    return data


def shown(bound: BoundField, value: object) -> str:
    """A value in words: labels of codes, 是 for a ticked box, numbers without needless zeros."""
    choices = {str(code): str(label) for code, label in getattr(bound.field, "choices", ()) or () if code != ""}
    if isinstance(value, list | tuple):
        return "、".join(sorted(choices.get(str(one), str(one)) for one in value))
    if value is True or value == "on":
        return "是"
    if value in (None, "", False):
        return ""
    text = choices.get(str(value), str(value))
    return text.rstrip("0").rstrip(".") if "." in text and text.replace(".", "", 1).isdecimal() else text
