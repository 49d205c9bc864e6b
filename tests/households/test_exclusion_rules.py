"""The ten exclusion conditions (D6-02): what facts say, what an answer adds, what an override changes. No database."""

from decimal import Decimal

import pytest

from households.codes import EXCLUSION
from households.exclusions import (
    Answered,
    ExclusionFacts,
    Said,
    Standing,
    WorkerFacts,
    bars,
    facts_say,
    name_of,
    standing_of,
)

AWAY, HERE = WorkerFacts(40, "02", 6), WorkerFacts(40, "01", 10)
YES, NO, SILENT = Said(True), Said(False), Said(None)


def says(code: str, **facts) -> bool | None:
    return facts_say(ExclusionFacts(**facts))[code].holds


@pytest.mark.parametrize(
    "code, facts, holds",
    [
        ("02", {"members": (AWAY, AWAY)}, None),
        ("02", {"members": (AWAY, HERE)}, False),
        ("02", {"members": (AWAY, WorkerFacts(40, "02", 5))}, False),
        ("02", {"members": (AWAY, WorkerFacts(9))}, None),
        ("02", {"members": (AWAY, WorkerFacts(70))}, None),
        ("02", {"members": ()}, None),
        ("04", {"vehicle": "car"}, True),
        ("04", {"machines": "large"}, True),
        ("04", {"vehicle": "motorcycle", "machines": "small2"}, False),
        ("04", {"vehicle": "none"}, None),
        ("05", {"appliances": ("tv", "heater")}, True),
        ("05", {"appliances": ()}, False),
        ("05", {}, None),
        ("09", {"savings": Decimal(5_000)}, True),
        ("09", {"savings": Decimal("4999.99")}, False),
        ("09", {"savings": Decimal(5_000), "savings_limit": Decimal(8_000)}, False),
        ("09", {}, None),
        ("01", {"members": (WorkerFacts(40, employee_cover=True),)}, None),
    ],
)
def test_the_surveyor_is_told_what_the_facts_say(code, facts, holds):
    assert says(code, **facts) is holds


@pytest.mark.parametrize("code", ["01", "03", "06", "07", "08", "10"])
def test_the_surveyor_asks_what_no_fact_tells(code):
    assert says(code, vehicle="car", savings=Decimal(9_000)) is None


@pytest.mark.parametrize(
    "said, answered, standing",
    [
        (SILENT, Answered(), Standing.UNKNOWN),
        (SILENT, Answered(asked=False), Standing.CLEAR),
        (NO, Answered(), Standing.CLEAR),
        (NO, Answered(asked=True), Standing.EXCLUDED),
        (YES, Answered(), Standing.EXCLUDED),
        (YES, Answered(asked=False), Standing.EXCLUDED),
        (YES, Answered(override=True), Standing.WAITING),
        (YES, Answered(override=True, confirmed=True), Standing.OVERRIDDEN),
        (YES, Answered(override=True, confirmed=False), Standing.EXCLUDED),
        (YES, Answered(confirmed=True), Standing.EXCLUDED),
        (NO, Answered(override=True, confirmed=True), Standing.CLEAR),
    ],
)
def test_a_condition_stands_until_a_confirmed_reason_sets_it_aside(said, answered, standing):
    assert standing_of(said, answered) is standing


def test_only_what_holds_without_a_confirmed_reason_bars():
    assert {standing for standing in Standing if bars(standing)} == {Standing.EXCLUDED, Standing.WAITING}


def test_the_ground_of_deposits_names_no_amount():
    why = facts_say(ExclusionFacts(savings=Decimal("12345.67")))["09"].why
    assert why and "12345" not in why


def test_there_are_ten_and_they_are_counted_as_the_rule_counts_them():
    assert [name_of(code)[0] for code in EXCLUSION.items] == list("①②③④⑤⑥⑦⑧⑨⑩")
