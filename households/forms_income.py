"""The form of an income sheet, by the groups of `fields.INCOME`."""

from collections.abc import Mapping
from decimal import Decimal

from django import forms

from core.web.fields import NumberField
from households.fields import INCOME
from households.fields.model import Field
from households.income import BESIDE, COUNTED, EXPENSE
from households.models import Household, IncomeYear

MOST_PERSONS = 99


def _amount(field: Field) -> NumberField:
    made = NumberField(label=field.caption, required=False, help_text=field.help, lowest=field.lowest, highest=field.highest, places=2)
    if field.name in COUNTED:
        made.widget.attrs |= {"data-part": field.name, "data-sign": "-1" if field.name == EXPENSE else "1"}
    return made


class IncomeForm(forms.Form):
    """Blank = not asked. `rest_zero` says that the blank counted items were asked and are nothing."""

    persons = NumberField(label="家庭人口（人）", lowest=0, highest=MOST_PERSONS, help_text="除以这个数得人均。默认是现在的在册人口。")
    rest_zero = forms.BooleanField(label="都问过了，没有填的项目都是 0", required=False)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name, field in INCOME.named.items():
            self.fields[name] = _amount(field)
        self.fields["persons"].widget.attrs["data-persons"] = ""
        if not self.is_bound and (first := next((name for name in INCOME.named if self.initial.get(name) is None), None)):
            self.fields[first].widget.attrs["autofocus"] = True

    @property
    def groups(self) -> list[dict[str, object]]:
        """For the page: code, title, fields; `beside` is shown but not counted."""
        return [
            {"code": one.code, "title": one.title, "fields": [self[field.name] for field in one.fields], "beside": one.code == BESIDE}
            for one in INCOME.sections
        ]

    @property
    def parts(self) -> dict[str, Decimal | None]:
        return {name: self.cleaned_data[name] for name in INCOME.named}


def income_initial(household: Household, row: IncomeYear | None) -> dict[str, object]:
    """What the form shows of a stored sheet; 12000.00 is shown as 12000."""
    values = {name: plain(getattr(row, name)) if row else None for name in INCOME.named}
    return values | {"persons": row.persons if row else household.persons}


def plain(amount: Decimal | None) -> str | None:
    """An amount without needless zeros, as somebody types it."""
    return None if amount is None else f"{amount:.2f}".removesuffix(".00")


def initial_of_ledger(document: Mapping[str, object], year: int) -> dict[str, object]:
    """What the form showed at an earlier version, from its ledger document; {} where that is not known."""
    if "income" not in document:
        return {}
    row = next((one for one in document["income"] if one["year"] == year), {})
    amounts = {name: plain(None if row.get(name) is None else Decimal(row[name])) for name in INCOME.named}
    return amounts | {"persons": row.get("persons", document["household"]["persons"])}
