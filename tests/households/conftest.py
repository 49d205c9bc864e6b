import pytest

from households.entries import HouseholdEntry, MemberEntry


@pytest.fixture
def entry(make_id):
    """`entry(1)` → a household of a head and a spouse with right numbers; other numbers for another seed."""

    def make(seed: int = 1, *, members=None, facts=None, group="42282710220001", secrets=None):
        head = MemberEntry(name="向大山", relation="01", identity=make_id(seed * 7 + 1, "19700305", "M"))
        spouse = MemberEntry(name="田小水", relation="02", identity=make_id(seed * 7 + 2, "19720401", "F"))
        plain = {"attribute": "01", "exit_status": "0", "cause": "01", "appliances": None} | (facts or {})
        return HouseholdEntry(group, plain, tuple(members or (head, spouse)), secrets or {})

    return make
