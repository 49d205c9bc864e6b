"""How a rule is written down: a code, what it says and when. Pure.

Most rules are one sentence and one condition: `person_rule`, `household_rule` and `village_rule` take both. A rule that says where among
several things the fault lies is a generator of hits under `checked`.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal

from households.quality.facts import HouseholdView, MemberView
from households.quality.model import Hit, Level, Rule, Severity, Threshold

ERROR, WARNING, HINT = Severity.ERROR, Severity.WARNING, Severity.HINT

HEAD, SPOUSE = "01", "02"
HEALTHY, CHRONIC, SERIOUS, DISABLED = "01", "02", "03", "04"
NOT_IN_SCHOOL, PRIMARY, FIRST_SENIOR = "01", "03", "07"
WORKERS, NOT_WORKERS = frozenset(("01", "02")), frozenset(("03", "04"))
SOME_LABOUR = WORKERS | {"05"}
DIBAO_HOUSEHOLDS, WUBAO_HOUSEHOLDS, POOR = (
    frozenset(("02", "04")),
    frozenset(("03", "06")),
    frozenset(("01", "02", "03", "04", "06")),
)
OUTSIDE_COUNTY = frozenset(("02", "03", "99"))

Limits = Mapping[str, Decimal]
Hits = tuple[Hit, ...]


def limit(code: str, title: str, default: int | str, unit: str = "") -> Threshold:
    return Threshold(code, title, Decimal(default), unit)


def _detail(read: tuple[str, ...], *sources) -> str:
    """What a doubt was explained about: the values it read, so that another value asks again. Sealed values are never read here."""
    return "|".join(
        f"{name}={next((source[name] for source in sources if source[name] is not None), '')}" for name in read
    )


def person_rule(
    code: str, severity: Severity, title: str, message: str, when: Callable[[MemberView, HouseholdView, Limits], object], *,
    field: str, reads: tuple[str, ...] = (), **rest,
) -> Rule:  # fmt: skip
    """A rule about one member: `when(member, household, limits)` true = `message`. `reads` are member columns that renew the doubt."""

    def check(member: MemberView, household: HouseholdView, limits: Limits) -> Hits:
        if not when(member, household, limits):
            return ()
        return (Hit(message, field=field, member=member.key, detail=_detail(reads, member)),)

    return _rule(code, Level.PERSON, severity, title, check, **rest)


def household_rule(
    code: str, severity: Severity, title: str, message: str, when: Callable[[HouseholdView, Limits], object], *,
    field: str, reads: tuple[str, ...] = (), **rest,
) -> Rule:  # fmt: skip
    """A rule about a household: `when(household, limits)` true = `message`."""

    def check(household: HouseholdView, limits: Limits) -> Hits:
        return (Hit(message, field=field, detail=_detail(reads, household)),) if when(household, limits) else ()

    return _rule(code, Level.HOUSEHOLD, severity, title, check, **rest)


def member_of_household_rule(
    code: str, severity: Severity, title: str, message: str, who: Callable[[HouseholdView, Limits], list[MemberView]], *, field: str, **rest,
) -> Rule:  # fmt: skip
    """A rule about a household that points to a member: once a household, at the first of those it holds for."""

    def check(household: HouseholdView, limits: Limits) -> Hits:
        found = who(household, limits)
        return (
            (Hit(message, field=field, member=found[0].key, detail=",".join(sorted(one.key for one in found))),)
            if found
            else ()
        )

    return _rule(code, Level.HOUSEHOLD, severity, title, check, **rest)


def village_rule(code: str, severity: Severity, title: str, message: str, when: Callable, **rest) -> Rule:
    """A rule about a village: `when(village, limits)` true = `message`."""

    def check(village, limits: Limits) -> Hits:
        return (Hit(message),) if when(village, limits) else ()

    return _rule(code, Level.VILLAGE, severity, title, check, **rest)


def checked(code: str, level: Level, severity: Severity, title: str, **rest) -> Callable[[Callable], Rule]:
    """Decorator: the generator below is the check."""
    return lambda check: _rule(code, level, severity, title, check, **rest)


def _rule(
    code: str, level: Level, severity: Severity, title: str, check: Callable, *, limits: tuple[str, ...] = (), **rest
) -> Rule:
    return Rule(code, int(code[2:4]), level, severity, title, check, thresholds=limits, **{"weight": 50, **rest})


def declared(namespace: Mapping[str, object]) -> tuple[Rule, ...]:
    """Every rule of a module, by code."""
    return tuple(sorted((one for one in namespace.values() if isinstance(one, Rule)), key=lambda rule: rule.code))


# --- what several families ask ----------------------------------------------------------------------------------------


def aged(member: MemberView, low: Decimal | int, high: Decimal | int) -> bool:
    """low <= age <= high; False where the age is not known."""
    return member.age is not None and low <= member.age <= high


def in_school(member: MemberView) -> bool:
    return member["schooling"] not in (None, NOT_IN_SCHOOL)


def in_senior_school(member: MemberView) -> bool:
    """高中, 中职 and above."""
    return in_school(member) and member["schooling"] >= FIRST_SENIOR


def works(member: MemberView) -> bool:
    return bool(member["work_months"] or member["work_place"] or member["post_months"] or member["post_kind"])


def disabled(member: MemberView) -> bool:
    return bool(
        DISABLED in member.health
        or member["disability_kind"]
        or member["disability_grade"]
        or member.identity.disability_length
    )


def dropped_out(member: MemberView) -> bool:
    """6 to 15 and said to be out of school (义务教育)."""
    return aged(member, 6, 15) and member["schooling"] == NOT_IN_SCHOOL


def causes(household: HouseholdView) -> tuple[str, ...]:
    main = (household["cause"],) if household["cause"] else ()
    return main + tuple(household["other_causes"] or ())


def money(household: HouseholdView, name: str) -> Decimal | None:
    """A part of the newest income sheet; None = no sheet or not asked."""
    return household.sheet[name] if household.sheet else None


def per_head(household: HouseholdView) -> int | None:
    sheet = household.sheet
    return sheet.per_head if sheet and sheet.per_head is not None else household["net_income_per_head"]


def all_known(members: tuple[MemberView, ...], name: str) -> bool:
    """Every member was asked. False for a household without members."""
    return bool(members) and all(member[name] is not None for member in members)


def nobody(members: tuple[MemberView, ...], name: str) -> bool:
    """Everybody was asked and nobody said yes."""
    return all_known(members, name) and not any(member[name] for member in members)
