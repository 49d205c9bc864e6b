"""人员分类: who counts in which, on which day, and how the counts are written down (A9-14; ruling 4)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from households.cohorts import CODES, COHORTS, Person, counted, person_of, read

pytestmark = pytest.mark.once
DAY = date(2016, 9, 30)
PERSONS = st.builds(
    Person, age=st.none() | st.integers(0, 110), health=st.sampled_from(["", "01", "02", "03", "04", "02,04", "02,03,04"]),
    disability_kind=st.sampled_from(["", "4", "6"]), schooling=st.sampled_from(["", "01", "03", "05", "08", "11", "16"]),
    dibao=st.sampled_from([None, True, False]), work_place=st.sampled_from(["", "02"]),
)  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"birth": date(1956, 9, 30)}, "OLD:1"),
        ({"birth": date(1956, 10, 1)}, ""),
        ({"birth": date(2010, 10, 1)}, "INFANT:1"),
        ({"birth": date(2010, 9, 30)}, ""),
        ({"birth": None, "health": "03"}, "GRAVE:1"),
        ({"birth": None, "health": "02,04"}, "CHRONIC:1 DISABLED:1"),
        ({"birth": None, "health": "01", "disability_kind": "6", "disability_grade": 2}, "DISABLED:1 MENTAL:1"),
        ({"birth": None, "schooling": "05"}, "JUNIOR:1"),
        ({"birth": None, "schooling": "12"}, "VOCATIONAL:1"),
        ({"birth": None, "dibao": True}, "DIBAO:1"),
        ({"birth": None, "dibao": False, "work_place": "03"}, "MIGRANT:1"),
    ],
)
def test_a_member_counts_where_the_facts_of_that_day_say(facts, said):
    assert counted([person_of(DAY, facts.pop("birth"), **facts)]) == said


@given(st.lists(PERSONS, max_size=12))
def test_the_written_counts_are_read_back_and_nobody_counts_twice_in_one(persons):
    numbers = read(counted(persons))
    assert numbers == {cohort.code: n for cohort in COHORTS if (n := sum(cohort.holds(one) for one in persons))}
    assert len(counted(persons * 2)) <= 200 and list(numbers) == [code for code in CODES if code in numbers]
