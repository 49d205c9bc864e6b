"""第三签字 counted: distinct households of a group that signed, beside all households of the group (B-19: two thirds; B-26). Reads only."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, OuterRef, QuerySet, Subquery

from assessment.models import Case, Round, Signature, Signing, Sitting, SittingStatus
from assessment.procedures import Stage, procedure_of
from assessment.selectors_steps import groups_of_list
from core.errors import NotFound
from core.scope import Scope
from households.models import Household
from villages.models import RegisteredPopulation, Village, VillagerGroup


@dataclass(frozen=True, slots=True)
class Share:
    """`total` is 户籍户数 of the round's year, or the households on file where that is not entered (`registered` says which)."""

    signed: int
    total: int
    registered: bool
    sheets: int = 0

    @property
    def met(self) -> bool:
        """At least two thirds, in whole numbers."""
        return self.total > 0 and 3 * self.signed >= 2 * self.total

    @property
    def wanted(self) -> int:
        """Households that make two thirds."""
        return -(-2 * self.total // 3)

    @property
    def missing(self) -> int:
        return max(0, self.wanted - self.signed)

    @property
    def percent(self) -> int:
        """Rounded down, so that a share short of two thirds never looks like it."""
        return 100 * self.signed // self.total if self.total else 0

    @property
    def source(self) -> str:
        return "户籍户数" if self.registered else "在册农户数（本年户籍户数没有录入）"


def group_of(scope: Scope, round_: Round, code: str) -> VillagerGroup:
    rows = VillagerGroup.objects.visible_to(scope).filter(village__county_id=round_.county_id)
    group = rows.select_related("village__township", "village__county").filter(code=code).first()
    if group is None:
        raise NotFound
    return group


def households_of(group: VillagerGroup) -> QuerySet[Household]:
    """Households of the group on file; the group comes from its gate."""
    return Household.objects.registered().filter(group=group).order_by("code")


def signed_share(round_: Round, group: VillagerGroup) -> Share:
    return shares(round_, [group])[group.pk]


def shares(round_: Round, groups: Iterable[VillagerGroup]) -> dict[int, Share]:
    """Group → share; two queries, however many groups."""
    ids = [group.pk for group in groups]
    signed = _signed(round_, ids)
    registered = RegisteredPopulation.objects.filter(group=OuterRef("pk"), year=round_.year).values("households")
    counted = VillagerGroup.objects.filter(pk__in=ids).order_by().values_list(
        "pk", Subquery(registered), _number(Household.objects.registered()), _number(Signing.objects.filter(round=round_))
    )  # fmt: skip
    return {pk: Share(signed.get(pk, 0), known or on_file or 0, bool(known), sheets or 0) for pk, known, on_file, sheets in counted}


def _number(rows: QuerySet) -> Subquery:
    """How many of the rows a group has; None without any."""
    return Subquery(rows.filter(group=OuterRef("pk")).order_by().values("group").annotate(n=Count("pk")).values("n"))


def unsigned_groups(round_: Round, stage: Stage, cases: Iterable[Case]) -> tuple[str, ...]:
    """1组 12/30 户: groups on the list that are short of their two thirds, where the stage asks for it (B-19)."""
    if not stage.signatures:
        return ()
    groups = {case.group_id: case.group for case in cases if case.group_id}
    found = shares(round_, groups.values())
    return tuple(f"{group.name} {found[pk].signed}/{found[pk].total} 户" for pk, group in groups.items() if not found[pk].met)


def _signed(round_: Round, groups: list[int]) -> dict[int, int]:
    """A household counts once, however many sheets name it; so does a name, unless it is that of a household that is counted."""
    households: dict[int, set[int]] = defaultdict(set)
    heads: dict[int, set[str]] = defaultdict(set)
    names: dict[int, set[str]] = defaultdict(set)
    rows = Signature.objects.filter(signing__round=round_, signing__group_id__in=groups).order_by()
    for group, household, name in rows.values_list("signing__group_id", "household_id", "name"):
        if household is None:
            names[group].add(name)
        else:
            households[group].add(household)
            heads[group].add(name)
    return {group: len(households[group]) + len(names[group] - heads[group]) for group in groups}


def signed_households(round_: Round, group: VillagerGroup) -> set[int]:
    rows = Signature.objects.filter(signing__round=round_, signing__group=group, household__isnull=False)
    return set(rows.order_by().values_list("household_id", flat=True))


def sheets_of(scope: Scope, round_: Round, group: VillagerGroup) -> list[Signing]:
    """The sheets of a group, the newest first, each with how many households it names."""
    rows = Signing.objects.visible_to(scope).filter(round=round_, group=group).select_related("by")
    return list(rows.annotate(number=Count("signatures")))


def first_meeting(round_: Round, group_id: int | None) -> Sitting | None:
    """群众评议: the group's last closed meeting at the first stage of the procedure."""
    rows = Sitting.objects.filter(round=round_, stage=procedure_of(round_.procedure).first.code, status=SittingStatus.CLOSED)
    rows = rows.filter(group_id=group_id) if group_id else rows.filter(group__isnull=True)
    return rows.order_by("-closed_at").first()


def groups_to_sign(round_: Round, village: Village) -> list[tuple[VillagerGroup, Share]]:
    """Groups in force of the village with their share, in their order."""
    groups = list(VillagerGroup.objects.filter(groups_of_list(village), valid_to__isnull=True).order_by("number"))
    found = shares(round_, groups)
    return [(group, found[group.pk]) for group in groups]
