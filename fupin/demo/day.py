"""A cadre's day in the demo: what is filled in, what contradicts, what happened to families, in the village of `cadre` (422827102200).

Every step is one of the project's own actions and raises the household's version by one, so a killed start goes on at the step it had
reached, and a household that somebody has worked on since is left alone.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from accounts.models import User
from accounts.scopes import scope_of
from core.scope import Scope
from households.actions.family import add_member, ask_transfer, bring_back, remove_members
from households.actions.family.transfers import Wish
from households.actions.income import save_income
from households.actions.person import update_member
from households.actions.update import update_household
from households.entries import HEAD, HouseholdEntry, MemberEntry
from households.family import Happening
from households.income import running_year
from households.models import Household, Membership, Transfer
from households.person import PersonEntry

VILLAGE, NEIGHBOUR = "422827102200", "422827102201"
WHOLE: Mapping[str, object] = {
    "standard": "national", "other_causes": "09", "bank_name": "来凤县农村商业银行大河支行",
    "structure": "other", "area_m2": Decimal(86), "toilet": False,
    "water_safe": True, "water_difficult": False, "tap_water": True, "electricity": True, "production_power": False, "broadcast": True,
    "road": "cement", "road_km": Decimal("0.6"), "fuel": "wood",
    "cultivated_mu": Decimal("3.2"), "irrigated_mu": Decimal("1.1"), "forest_mu": Decimal("5.5"), "returned_mu": Decimal(2), "orchard_mu": Decimal("0.8"),
    "pasture_mu": Decimal(0), "water_mu": Decimal(0), "cooperative": True, "leading_firm": False, "leader_led": True,
    "appliances": ["tv", "washer"], "vehicle": "motorcycle", "machines": "small1",
    "needs": ["02", "07"], "plan": "发展藤茶两亩，参加镇里的茶叶栽培培训。", "measures_taken": "产业补助已申报，培训已报名。", "income_project": "藤茶种植",
    "funding": "小额信贷三万元", "helper_name": "向志成", "helper_unit": "来凤县农业局",
}  # fmt: skip
"""What a household looks like that has been asked everything."""
INCOME = {
    "wage": 12600, "business": 6800, "expense": 2900, "dividend": 300, "property_other": 0, "family_planning": 0, "dibao_money": 0, "wubao_money": 0,
    "pension": 840, "ecology": 260, "transfer_other": 0, "insurance_paid": 0, "medical_paid": 700,
}  # fmt: skip
COVERED = {
    "mandarin": True, "political": "05", "medical_resident": True, "medical_employee": False, "serious_illness_insured": True,
    "medical_commercial": False, "illness_aid": False, "health_aid": False, "dibao": False, "wubao": False, "pension_resident": True,
    "pension_employee": False,
}  # fmt: skip

Step = Callable[[Scope, Household], object]


def live_day() -> None:
    """All of it; what is done already is left."""
    cadre, other = _as("cadre"), _as("cadre2")
    for number, steps in PLAN.items():
        _go_on(cadre, f"{VILLAGE}{number:04d}", steps)
    _go_on(other, f"{NEIGHBOUR}0003", (_facts(),))
    _ask(cadre, f"{VILLAGE}0012", "03", Wish("married", to_code=f"{NEIGHBOUR}0012", relation="06"), "到对方家里落户")
    _ask(other, f"{NEIGHBOUR}0003", "04", Wish("married", to_code=f"{VILLAGE}0009", relation="02"), "与陈华水结婚")


def _as(login: str) -> Scope:
    return scope_of(User.objects.get(login=login))


def _go_on(scope: Scope, code: str, steps: Sequence[Step]) -> None:
    """The steps that the household has not seen yet; the roster left it at version 1."""
    done = Household.objects.get(code=code).version - 1
    for step in steps[done:]:
        step(scope, Household.objects.get(code=code))


def _facts(**other: object) -> Step:
    """The whole file, or with `other` what this household is different in."""

    def step(scope: Scope, household: Household) -> None:
        secrets = {
            "phone": f"1900718{household.code[-4:]}",
            "bank_card": f"62284807180000{household.code[-4:]}",
            "savings": Decimal(1200),
            "debt": Decimal(8000),
            "education_debt": Decimal(0),
        }
        facts = {**WHOLE, **other}
        if household.cause == "09":
            facts["other_causes"] = "07"
        update_household(
            scope=scope,
            code=household.code,
            version=household.version,
            entry=HouseholdEntry(None, facts, None, secrets),
        )

    return step


def _income(**other: int) -> Step:
    def step(scope: Scope, household: Household) -> None:
        parts = {name: Decimal(amount) for name, amount in {**INCOME, **other}.items()}
        save_income(scope=scope, code=household.code, year=last_year(), version=household.version, parts=parts)

    return step


def _member(relation: str, **facts: object) -> Step:
    """What is asked of a person, beside what the roster brought."""

    def step(scope: Scope, household: Household) -> None:
        row = _living(household, relation)
        person = row.person
        entry = PersonEntry(
            person.name,
            row.relation,
            person.id_kind,
            ethnicity=person.ethnicity,
            birth=person.birth,
            sex=person.sex,
            facts={**COVERED, **facts},
        )
        update_member(scope=scope, code=household.code, member=row.uuid, version=household.version, entry=entry)

    return step


def _born(scope: Scope, household: Household) -> None:
    on = _days_ago(43)
    baby = MemberEntry(f"{household.head_name[0]}小满", "04", birth=on, sex="F", ethnicity="15")
    add_member(
        scope=scope,
        code=household.code,
        version=household.version,
        member=baby,
        reason="birth",
        happening=Happening(on, "县人民医院出生", "出生医学证明"),
    )


def _head_died(scope: Scope, household: Household) -> None:
    """Nobody has said yet who is head now: 户主待定."""
    _leaves(scope, household, _living(household, HEAD), "died", Happening(_days_ago(12), "因病去世", "死亡证明"))


def _to_the_army(scope: Scope, household: Household) -> None:
    _leaves(scope, household, _soldier(household), "army", Happening(_days_ago(1900), "应征入伍", "入伍通知书"))


def _back_from_the_army(scope: Scope, household: Household) -> None:
    gone = household.memberships.filter(leaving_reason="army").latest("until")
    bring_back(
        scope=scope, code=household.code, version=household.version, member=str(gone.uuid), relation="03",
        happening=Happening(_days_ago(1170), "服役期满", "退伍证"),
    )  # fmt: skip


def _soldier(household: Household) -> Membership:
    return household.memberships.current().filter(relation="03").order_by("person__birth").first()


def _leaves(scope: Scope, household: Household, row: Membership, reason: str, happening: Happening) -> None:
    remove_members(
        scope=scope,
        code=household.code,
        version=household.version,
        members=[str(row.uuid)],
        reason=reason,
        happening=happening,
    )


def _ask(scope: Scope, code: str, relation: str, wish: Wish, note: str) -> None:
    """A request over the village's border that waits for the other side."""
    household = Household.objects.get(code=code)
    if Transfer.objects.filter(household=household).exists():
        return
    row = _living(household, relation)
    asked = Wish(wish.reason, str(row.uuid), wish.to_code, wish.relation)
    ask_transfer(
        scope=scope,
        code=code,
        version=household.version,
        wish=asked,
        happening=Happening(_days_ago(5), note, "结婚证"),
        key=f"demo-{code}",
    )


def _living(household: Household, relation: str) -> Membership:
    return (
        household.memberships.current()
        .select_related("person")
        .filter(relation=relation)
        .order_by("person__birth")
        .first()
    )


def last_year() -> int:
    """The newest income year that is over."""
    return running_year(timezone.localdate()) - 1


def _days_ago(days: int) -> date:
    return timezone.localdate() - timedelta(days=days)


PLAN: Mapping[int, Sequence[Step]] = {
    4: (_facts(), _income(wage=9000), _member("02", industry="07", work_region="湖北省武汉市", channel="kin")),
    7: (_head_died,),
    8: (_facts(vehicle="none"), _income(), _born),
    10: (_facts(machines="none"), _income(), _member(HEAD, industry="02", work_region="来凤县翔凤镇", channel="self"), _member("03", dropout_reason="")),
    # An error, warnings and hints: dangerous house of grade A, irrigated land larger than the fields, a loss on every mu.
    11: (_facts(danger_level="A", dangerous_house=True, irrigated_mu=Decimal("6.5"), electricity=False), _income(business=1200, expense=9800)),
    # A house that is none but has an area, and a car: an exclusion whose setting aside waits for the township.
    13: (_facts(structure="none", vehicle="car", cultivated_mu=Decimal(58)), _income(pension=0)),
    14: (_facts(), _income(pension=1680), _member(HEAD, industry="01"), _member("02")),
    17: (_facts(area_m2=Decimal(74)), _income(wage=15400)),
    18: (_to_the_army, _back_from_the_army),
}  # fmt: skip
"""Number of the household in its village → what was done there, in this order."""
