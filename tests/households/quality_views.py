"""Households in order, for the rules: `home()` has everything on file and nothing to find; a case changes what it is about."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from households.quality import HouseholdView, IdReading, IncomeView, MemberView, VillageView

ON = date(2016, 3, 5)

MEMBER_FACTS = {
    "education": "03", "schooling": "01", "health": frozenset(("01",)), "skill": "01", "skilled_certificate": False, "medical_resident": True,
    "serious_illness_insured": True, "dibao": False, "wubao": False, "pension_resident": True,
}  # fmt: skip
CHILD_FACTS = MEMBER_FACTS | {"education": None, "schooling": "05", "skill": None, "pension_resident": None}
FACTS = {
    "attribute": "01", "exit_status": "0", "standard": "national", "cause": "09", "other_causes": (),
    "structure": "brick_wood", "danger_level": "A", "dangerous_house": False, "area_m2": Decimal(90), "toilet": True,
    "water_safe": True, "water_difficult": False, "tap_water": True, "electricity": True, "production_power": True, "broadcast": True,
    "road": "cement", "road_km": Decimal("0.5"), "fuel": "clean",
    "cultivated_mu": Decimal(4), "irrigated_mu": Decimal(2), "forest_mu": Decimal(5), "returned_mu": Decimal(1), "pasture_mu": Decimal(0),
    "orchard_mu": Decimal(0), "water_mu": Decimal(0), "cooperative": True, "leading_firm": False, "leader_led": False,
    "appliances": ["tv"], "vehicle": "motorcycle", "machines": "none",
    "needs": ["02"], "plan": "种烤烟", "measures_taken": "发种苗", "income_project": "烤烟", "funding": "产业资金",
    "helper_name": "周干部", "helper_unit": "县农业局", "net_income_per_head": 4_800,
}  # fmt: skip
PARTS = {
    "wage": 12_000, "business": 3_000, "expense": 500, "dividend": 0, "property_other": 0, "family_planning": 0, "dibao_money": 0,
    "wubao_money": 0, "pension": 0, "ecology": 100, "transfer_other": 0, "insurance_paid": 0, "medical_paid": 0,
}  # fmt: skip


def person(relation: str = "01", age: int = 46, sex: str = "M", paper: dict | None = None, **changed) -> MemberView:
    """An adult in order; `paper` changes the reading of the number, other keywords change facts."""
    birth = date(ON.year - age, 1, 1)
    identity = IdReading(kind="01", length=18, valid=True, birth=birth, sex=sex)
    own = {
        name: changed.pop(name) for name in ("birth", "age_", "name", "ethnicity", "last_schooling") if name in changed
    }
    made = MemberView(
        key=f"{relation}-{age}-{own.get('name', '')}", name=own.pop("name", f"成员{relation}{age}"), relation=relation, sex=sex,
        birth=own.pop("birth", birth), age=own.pop("age_", age), ethnicity=own.pop("ethnicity", "01"), identity=replace(identity, **(paper or {})),
        facts=MEMBER_FACTS | {name: frozenset(value) if name == "health" else value for name, value in changed.items()}, **own,
    )  # fmt: skip
    return made


def child(age: int = 13, relation: str = "03", sex: str = "M", **changed) -> MemberView:
    """A pupil."""
    return person(relation, age, sex, **(CHILD_FACTS | changed))


def worker(**changed) -> MemberView:
    """The head, half a year away at work."""
    return person(**({"work_place": "02", "work_months": 6} | changed))


def wife(**changed) -> MemberView:
    return person("02", **({"age": 44, "sex": "F"} | changed))


def family(*more: MemberView, head: MemberView | None = None) -> tuple[MemberView, ...]:
    return (head or worker(), wife(), child(), *more)


def sheet(persons: int = 3, per_head: int | None = 4_800, **parts) -> IncomeView:
    known = {name: None if value is None else Decimal(value) for name, value in (PARTS | parts).items()}
    return IncomeView(2015, known, persons, None, per_head)


def home(
    members: tuple[MemberView, ...] | None = None, income: tuple[IncomeView, ...] | None = None, **changed
) -> HouseholdView:
    """A listed household in order; keywords change its facts or, by the name of an attribute, the view."""
    members = family() if members is None else members
    view = HouseholdView(
        key="户", code="5223280001000001", on=ON, registered_on=date(2014, 1, 1), persons=len(members), has_group=True, head_pending=False,
        members=members, phone_known=True, bank_card_known=True, savings=Decimal(1_000),
        income=(sheet(len(members)),) if income is None else income, income_line=2_952,
    )  # fmt: skip
    own = {name: changed.pop(name) for name in tuple(changed) if name in HouseholdView.__dataclass_fields__}
    return replace(view, facts=FACTS | changed, **own)


def exited(members: tuple[MemberView, ...] | None = None, **changed) -> HouseholdView:
    """已脱贫, in order."""
    return home(members, **({"exit_status": "1", "exit_year": 2015} | changed))


def watched(members: tuple[MemberView, ...] | None = None, **changed) -> HouseholdView:
    """A 监测对象 in order."""
    settled = {
        "monitor_kind": "unstable",
        "monitored_on": date(2015, 12, 1),
        "risks": ["disaster"],
        "monitor_measures": ["01"],
    }
    return exited(members, **(settled | changed))


def village(**changed) -> VillageView:
    known = {
        "key": "村", "name": "某村", "on": ON, "households": 100, "persons": 400, "registered_households": 120, "registered_population": 480,
    }  # fmt: skip
    return VillageView(**(known | changed))
