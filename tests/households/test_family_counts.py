"""Both sides' counts at every date, against a plain model that walks beside the actions (trust 89)."""

import random
from collections import Counter
from datetime import date, timedelta

import pytest

from fupin.invariants import head_counts_agree, households_have_one_head, places_agree, residences_agree
from households.actions.family import (
    Answer,
    Wish,
    add_member,
    answer_transfer,
    ask_transfer,
    merge_households,
    move_household,
    remove_members,
    split_household,
    transfer_within,
)
from households.entries import MemberEntry
from households.family import Happening
from households.models import Household
from households.selectors_family import counts_on

VILLAGE, FAR = "422827102200", "422827103200"
CADRES = {VILLAGE: "cadre", FAR: "cadre_other"}
START, STEPS = date(2016, 1, 2), 24


class Walk:
    """Random steps, each a few days after the one before. `days` holds what a reader must see from each day on."""

    def __init__(self, scope, seed):
        self.scope, self.dice, self.day = scope, random.Random(seed), START
        self.days = {START: self.seen()}

    def seen(self):
        rows = Household.objects.registered().values_list("village_id", "group_id", "persons")
        found: Counter = Counter()
        for village, group, persons in rows:
            found[(village, group, "households")] += 1
            found[(village, group, "persons")] += persons
        return dict(found)

    def step(self):
        self.day += timedelta(days=self.dice.randint(1, 9))
        home = self.dice.choice(list(Household.objects.registered().select_related("village").order_by("pk")))
        kind = self.dice.choice((self.birth, self.death, self.split, self.merge, self.group, self.move, self.transfer))
        kind(home, {"scope": self.scope(CADRES[home.village.code]), "code": home.code, "version": home.version, "happening": Happening(self.day)})
        self.days[self.day] = self.seen()

    def others(self, home):
        return [str(one.uuid) for one in home.memberships.current().exclude(relation="01").order_by("pk")]

    def neighbours(self, home):
        return list(Household.objects.registered().filter(village=home.village).exclude(pk=home.pk).order_by("pk"))

    def birth(self, home, call):
        baby = MemberEntry(name="新生儿", relation="03", birth=self.day, sex="M")
        add_member(**call, member=baby, reason="birth")

    def death(self, home, call):
        gone = self.others(home) or [str(one.uuid) for one in home.memberships.current()]
        remove_members(**call, members=gone[-1:], reason="died")

    def split(self, home, call):
        if self.others(home):
            going = self.others(home)[-1]
            split_household(**call, members=[going], head=going, relations={})

    def merge(self, home, call):
        into = next(iter(self.neighbours(home)), None)
        if into:
            relations = {str(one.uuid): "99" for one in home.memberships.current()}
            merge_households(**call, into=into.code, relations=relations)

    def group(self, home, call):
        number = self.dice.choice([n for n in (1, 2, 3) if home.group_id is None or not home.group.code.endswith(f"0{n}")])
        move_household(**call, group_code=f"{home.village.code}0{number}")

    def move(self, home, call):
        to = FAR if home.village.code == VILLAGE else VILLAGE
        asked = ask_transfer(**call, wish=Wish(reason="moved", village_code=to))
        answer_transfer(scope=self.scope(CADRES[to]), uuid=str(asked.uuid), version=1, answer=Answer(True, group_code=f"{to}03"))

    def transfer(self, home, call):
        to = self.dice.choice(list(Household.objects.registered().exclude(pk=home.pk).select_related("village").order_by("pk")) or [home])
        if to.pk == home.pk or not self.others(home):
            return
        wish = Wish(reason="other", member=self.others(home)[0], to_code=to.code, relation="99")
        if to.village_id == home.village_id:
            transfer_within(**call, wish=wish)
            return
        asked = ask_transfer(**call, wish=wish)
        answer_transfer(scope=self.scope(CADRES[to.village.code]), uuid=str(asked.uuid), version=1, answer=Answer(True))


@pytest.mark.parametrize("seed", [3, 8])
def test_every_date_counts_what_lived_where_on_that_day(scope, make_household, seed, django_assert_num_queries):
    for number in (1, 2, 3):
        make_household(VILLAGE, number, members=3)
        make_household(FAR, number + 100, members=2)
    walk = Walk(scope, seed)
    for _ in range(STEPS):
        walk.step()
    for check in (households_have_one_head, head_counts_agree, residences_agree, places_agree):
        assert list(check()) == []
    county, expected, day = scope("county"), {}, START
    while day <= walk.day:
        expected = walk.days.get(day, expected)
        with django_assert_num_queries(1):
            rows = counts_on(county, day)
        found = {(row.village_id, row.group_id, name): getattr(row, name) for row in rows for name in ("households", "persons")}
        assert found == expected, day
        day += timedelta(days=1)
