"""What the checks read, made from stored rows in bulk: five queries for any number of households (brief 3.13).

Sealed values are opened in memory only; of a number nothing goes on but what a check needs to know about it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, Sum

from core.ids import check_id, read_disability_number
from core.periods import age_on
from households.fields import HOUSEHOLD, INCOME, MEMBER
from households.models import Household, IncomeYear, Membership, QualitySetting
from households.quality import HouseholdView, IdReading, IncomeView, MemberView, VillageView, rules
from households.quality.lines import poverty_line
from households.reference import reference_day
from households.secrets import reveal, reveal_amount
from villages.models import RegisteredPopulation, Village

ID_LENGTH = 18
UNREAL = "99999"
SHARED_BY = 3  # a phone or card of this many households is not theirs
LISTED = ("0", "3")
_OWN_FACTS = tuple(name for name in HOUSEHOLD.plain if name != "other_causes")


@dataclass(frozen=True, slots=True)
class CountyRules:
    """Thresholds and severities as a county has set them, and the mark of the rules as they stand."""

    limits: Mapping[str, Decimal]
    severities: Mapping[str, str]
    digest: str


def county_rules(county_id: int) -> CountyRules:
    row = QualitySetting.objects.filter(county_id=county_id).first()
    changed = {code: Decimal(str(value)) for code, value in (row.thresholds if row else {}).items() if code in rules.THRESHOLDS}
    limits, severities = {**rules.defaults(), **changed}, row.severities if row else {}
    return CountyRules(limits, severities, rules.rules_digest(limits, severities))


@dataclass(frozen=True, slots=True)
class Views:
    """{household id: view}, and the row behind each member's key."""

    homes: Mapping[int, HouseholdView]
    memberships: Mapping[str, int]


def household_views(rows: Sequence[Household], on: date) -> Views:
    """Views of loaded rows: members, income sheets and heads of the villages come with one query each. `on` is today; ages are those of
    the open round's reference date (ruling 20), or of today for whoever was born after it."""
    aged_on = reference_day(rows[0]) if rows else on
    ids = [row.pk for row in rows]
    members: dict[int, list[MemberView]] = defaultdict(list)
    memberships: dict[str, int] = {}
    living = Membership.objects.filter(household_id__in=ids, until__isnull=True).select_related("person")
    for row in living.order_by("household_id", "relation", "pk"):
        members[row.household_id].append(_member(row, on, aged_on))
        memberships[str(row.uuid)] = row.pk
    sheets: dict[int, list[IncomeView]] = defaultdict(list)
    for sheet in IncomeYear.objects.filter(household_id__in=ids):
        sheets[sheet.household_id].append(_sheet(sheet))
    poor = _heads_on_register({row.village_id for row in rows if row.helper_name})
    homes = {
        row.pk: _household(row, tuple(members[row.pk]), tuple(sheets[row.pk]), (row.village_id, row.helper_name) in poor, on) for row in rows
    }
    return Views(homes, memberships)


def _household(
    row: Household, members: tuple[MemberView, ...], income: tuple[IncomeView, ...], helper_is_poor: bool, on: date
) -> HouseholdView:
    facts = {name: _known(getattr(row, name)) for name in _OWN_FACTS}
    facts["other_causes"] = tuple(code for code in row.other_causes.split(",") if code)
    facts["net_income_per_head"] = row.net_income_per_head
    year = max((sheet.year for sheet in income), default=row.exit_year or on.year)
    return HouseholdView(
        key=str(row.uuid), code=row.code, on=on, registered_on=row.registered_on, persons=row.persons, has_group=row.group_id is not None,
        head_pending=row.head_pending, members=members, facts=facts, phone_known=bool(row.phone_enc), bank_card_known=bool(row.bank_card_enc),
        savings=reveal_amount(row, "savings"), income=income, helper_is_poor=helper_is_poor,
        income_line=poverty_line(year),
    )  # fmt: skip


def _member(row: Membership, on: date, aged_on: date) -> MemberView:
    person = row.person
    facts = {name: _known(getattr(row, name)) for name in MEMBER.plain}
    facts["health"] = frozenset(code for code in row.health.split(",") if code)
    return MemberView(
        key=str(row.uuid), name=person.name, relation=row.relation, sex=person.sex, birth=person.birth,
        age=_age(person.birth, on, aged_on), ethnicity=person.ethnicity, identity=_identity(row, on),
        phone_known=bool(row.phone_enc), last_schooling=(row.schooling,) if row.schooling else (), facts=facts,
    )  # fmt: skip


def _age(birth: date | None, on: date, aged_on: date) -> int | None:
    if birth is None or birth > on:
        return None
    return age_on(birth, aged_on if birth <= aged_on else on)


def _identity(row: Membership, on: date) -> IdReading:
    """A number of 20 or 22 characters is a disability card standing in for the identity number (brief 3.3)."""
    person = row.person
    number = reveal(person, "id")
    card = reveal(row, "disability_number")
    body, valid = number[:ID_LENGTH], True
    if len(number) > ID_LENGTH:
        card, valid = card or number, read_disability_number(number, today=on).ok
    reading = check_id(body, today=on) if number else None
    held = read_disability_number(card, today=on) if card else None
    return IdReading(
        kind=person.id_kind, length=len(number), valid=reading is None or (valid and reading.ok), birth=reading.birth if reading else None,
        sex=(reading.sex or "") if reading else "", has_99999=UNREAL in number, disability_length=len(card),
        disability_matches=held.identity == body if held and number else None, disability_kind=held.kind if held else "",
        disability_grade=held.grade if held else None,
    )  # fmt: skip


def _sheet(row: IncomeYear) -> IncomeView:
    return IncomeView(row.year, {name: getattr(row, name) for name in INCOME.plain}, row.persons, row.net, row.per_head)


def _known(value):
    return None if value == "" else value


def _heads_on_register(village_ids: Iterable[int]) -> set[tuple[int, str]]:
    rows = Household.objects.registered().filter(village_id__in=list(village_ids), exit_status__in=LISTED)
    return set(rows.order_by().values_list("village_id", "head_name")) if village_ids else set()


def village_views(villages: Sequence[Village], on: date) -> dict[int, VillageView]:
    """{village id: view}: four queries for all; phones and cards are compared in memory."""
    ids = [village.pk for village in villages]
    homes = Household.objects.registered().filter(village_id__in=ids)
    counted = homes.order_by().values("village_id").annotate(
        households=Count("pk"), persons=Sum("persons"), ungrouped=Count("pk", filter=Q(group__isnull=True))
    )
    counts = {row.pop("village_id"): row for row in counted}
    registered = _registered_population(ids, on.year)
    surveyed, asked = _surveyed(homes)
    phones, cards = _shared(homes)
    made = {}
    for village in villages:
        count = counts.get(village.pk, {"households": 0, "persons": 0, "ungrouped": 0})
        there = registered.get(village.pk, (None, None))
        without = count["households"] - surveyed.get(village.pk, 0) if asked else 0
        made[village.pk] = VillageView(
            key=village.code, name=village.short_name, on=on, registered_households=there[0], registered_population=there[1],
            same_phone=phones[village.pk], same_bank_card=cards[village.pk], without_survey=without, **count,
        )  # fmt: skip
    return made


def _registered_population(village_ids: Sequence[int], year: int) -> dict[int, tuple[int, int]]:
    """户籍 households and persons of the newest year on file, up to this one."""
    rows = RegisteredPopulation.objects.filter(village_id__in=village_ids, year__lte=year)
    found: dict[int, tuple[int, int]] = {}
    for row in rows.order_by("year").values("village_id", "year").annotate(homes=Sum("households"), people=Sum("persons")):
        found[row["village_id"]] = (row["homes"], row["people"])
    return found


def _surveyed(homes) -> tuple[dict[int, int], bool]:
    """Households with a submitted form in an open round by village; False when no form of an open round is there at all. The survey
    app is above, so its rows are named by relation only."""
    rows = homes.filter(surveys__status="submitted", surveys__round__status="open").order_by()
    found = dict(rows.values_list("village_id").annotate(Count("pk", distinct=True)))
    return found, bool(found)


def _shared(homes) -> tuple[Counter, Counter]:
    """How many households of a village share their phone, and their bank card, with two or more others."""
    phones: Counter = Counter()
    cards: Counter = Counter()
    rows = homes.exclude(phone_enc="", bank_card_enc="").only("pk", "uuid", "village_id", "phone_enc", "bank_card_enc")
    for row in rows.order_by().iterator(500):
        phones[(row.village_id, reveal(row, "phone"))] += 1
        cards[(row.village_id, reveal(row, "bank_card"))] += 1
    return _shared_by_village(phones), _shared_by_village(cards)


def _shared_by_village(counted: Counter) -> Counter:
    found: Counter = Counter()
    for (village_id, value), times in counted.items():
        if value and times >= SHARED_BY:
            found[village_id] += times
    return found
