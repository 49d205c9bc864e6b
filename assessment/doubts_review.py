"""The household's own doubts on the page from which its form is submitted: mended elsewhere or explained right there. Presentation only."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse

from households.models import Household
from households.quality import SEVERITY_NAMES, Finding, Severity
from households.selectors_doubts import COLOURS, mend_url, title_of
from households.selectors_findings import Standing, standing_of

PREFIX = "doubt-"


@dataclass(frozen=True, slots=True)
class DoubtRow:
    """One error or warning. `asks` = a remark is wanted before submission, `name` the form's field for it."""

    name: str
    title: str
    message: str
    remedy: str
    severity: str
    colour: str
    mark: str
    url: str
    blocks: bool
    asks: bool
    typed: str


def explanations_of(data: Mapping[str, str]) -> dict[str, str]:
    """{fingerprint: text} that the page has sent."""
    return {name.removeprefix(PREFIX): text for name, text in data.items() if name.startswith(PREFIX)}


def doubt_rows(household: Household, data: Mapping[str, str], said: Mapping[str, str]) -> list[DoubtRow]:
    """What stands in the way or wants a word; what was explained before is not asked again. `data` is what the page has just sent, `said`
    what the draft keeps."""
    return [_row(household, one, data, said) for one in standing_of(household) if one.blocks or one.asks]


def mend_address(household: Household, mark: str) -> str:
    """Where this doubt is mended; the household's own page for one that does not stand any more."""
    found = next((one.finding for one in standing_of(household) if one.mark == mark), None)
    return _url(household, found) if found else reverse("household", args=[household.code])


def _url(household: Household, found: Finding) -> str:
    return mend_url(household.code, found.field, found.family, found.member)


def _row(household: Household, one: Standing, data: Mapping[str, str], said: Mapping[str, str]) -> DoubtRow:
    found, name = one.finding, PREFIX + one.mark
    severity = Severity(found.severity)
    return DoubtRow(
        name=name, title=title_of(found.rule, found.family), message=found.message, remedy=found.remedy, severity=SEVERITY_NAMES[severity],
        colour=COLOURS[severity], mark=one.mark, url=_url(household, found), blocks=one.blocks, asks=one.asks,
        typed=data.get(name, said.get(one.mark, "")),
    )  # fmt: skip
