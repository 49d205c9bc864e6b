"""Saved panels by place: who has one, who still lacks one, and what the rule of the stage wants (ruling 17)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import OuterRef, Q, QuerySet, Subquery

from assessment.meeting import UNGROUPED_NAME
from assessment.models import Panel, PanelKind, Round
from assessment.procedures import PanelRule, procedure_of
from core.errors import NotFound
from core.scope import Scope
from villages.models import Township, Village, VillagerGroup
from villages.selectors import Spot, groups, villages

FALLBACK = "qxn"
COLUMNS = {PanelKind.GROUP: "group", PanelKind.VILLAGE: "village", PanelKind.INSPECTION: "township"}
Place = VillagerGroup | Village | Township


@dataclass(frozen=True, slots=True)
class Slot:
    """A place that should have a panel of the kind, with those it has. `fault` says what the first of them lacks."""

    place: Place
    where: str
    panels: Sequence[Panel]
    rule: PanelRule | None

    @property
    def fault(self) -> str:
        if not self.panels:
            return "还没有"
        return next((text for panel in self.panels if (text := fault_of(self.rule, panel))), "")


def rule_of(county_id: int | None, kind: str) -> PanelRule | None:
    """The rule in the procedure of the county's newest open round."""
    return _rule(_procedures(county_id).first(), kind)


def with_procedure(rows: QuerySet) -> QuerySet:
    """`procedure` beside each place or panel, for `rule_beside`."""
    return rows.annotate(procedure=Subquery(_procedures(OuterRef("county_id"))[:1]))


def rule_beside(rows: Sequence[Place | Panel], kind: str) -> PanelRule | None:
    return _rule(rows[0].procedure if rows else None, kind)


def _procedures(county_id: object) -> QuerySet:
    return Round.objects.open().filter(county_id=county_id).order_by("-reference_date", "-pk").values_list("procedure", flat=True)


def _rule(procedure: str | None, kind: str) -> PanelRule | None:
    code = procedure or FALLBACK
    return next((stage.panel for stage in procedure_of(code).stages if stage.panel and stage.panel.kind == kind), None)


def fault_of(rule: PanelRule | None, panel: Panel) -> str:
    return rule.fault(len(panel.members)) if rule else ""


def rule_words(rule: PanelRule | None) -> str:
    if rule is None:
        return ""
    size = f"须为 {rule.exactly} 人" if rule.exactly is not None else f"至少 {rule.minimum} 人"
    quorum = f"，到会不少于{rule.quorum[1]}分之{rule.quorum[0]}" if rule.quorum else ""
    source = f"依据：{rule.borrowed}。" if rule.borrowed else ""
    return f"{rule.name}{size}{quorum}。{source}"


def places(scope: Scope, kind: str, township: Spot | None = None, village: Spot | None = None) -> QuerySet:
    """The places of the caller's area that the kind belongs to; of one township or village where asked for one. In order by code."""
    if kind == PanelKind.INSPECTION:
        rows = Township.objects.visible_to(scope).filter(valid_to__isnull=True)
        return rows.filter(_within(township, village, "pk", "villages"))
    if kind == PanelKind.VILLAGE:
        kept = Panel.objects.filter(kind=kind, retired_at__isnull=True).values("village")  # of a village merged away: its list may still meet
        rows = Village.objects.visible_to(scope).filter(Q(valid_to__isnull=True) | Q(pk__in=kept))
        return rows.select_related("township", "merged_into").filter(_within(township, village, "township", "pk"))
    return groups(scope).select_related("village").filter(_within(township, village, "township", "village"))


def retired(scope: Scope, kind: str, township: Spot | None = None, village: Spot | None = None) -> QuerySet[Panel]:
    rows = Panel.objects.visible_to(scope).filter(kind=kind, retired_at__isnull=False).select_related("township", "village", "group__village")
    above = "township__villages" if kind == PanelKind.INSPECTION else "village"
    return rows.filter(_within(township, village, "township", above))


def _within(township: Spot | None, village: Spot | None, to_township: str, to_village: str) -> Q:
    """`to_…`: how the rows name their township and village."""
    return Q(**({to_township: township.pk} if township else {}), **({to_village: village.pk} if village else {}))


def retired_slots(panels: Sequence[Panel]) -> list[Slot]:
    return [Slot(panel.group or panel.village or panel.township, where_of(panel), [panel], None) for panel in panels]


def slots(scope: Scope, kind: str, shown: Sequence[Place], rule: PanelRule | None) -> list[Slot]:
    """One line a place, in one query for the panels of all of them; first the panels for households without a group."""
    column = COLUMNS[PanelKind(kind)]
    rows = Panel.objects.visible_to(scope).filter(kind=kind, retired_at__isnull=True).order_by("name")
    there = Q(**{f"{column}__in": shown})
    if kind == PanelKind.GROUP:
        there |= Q(group__isnull=True, village__in={place.village_id for place in shown})
    found: dict[int | None, list[Panel]] = {}
    for panel in rows.filter(there).select_related("village"):
        found.setdefault(getattr(panel, f"{column}_id"), []).append(panel)
    loose = [Slot(panel.village, where_of(panel), [panel], rule) for panel in found.get(None, [])]
    return loose + [Slot(place, place_name(place), found.get(place.pk, []), rule) for place in shown]


def place_name(place: Place) -> str:
    if isinstance(place, VillagerGroup):
        return f"{place.village.short_name} {place.name}"
    return place.known_as if isinstance(place, Village) else place.name


def place_of(scope: Scope, kind: str, codes: Mapping[str, str]) -> tuple[Place, str]:
    """(place, name) that a new panel is for, from the page's query. NotFound for a wrong kind and out of the area."""
    if kind not in PanelKind.values:
        raise NotFound
    if kind == PanelKind.GROUP and codes.get("village") and not codes.get("group"):
        village = _one(villages(scope), codes["village"])
        return village, f"{village.short_name} {UNGROUPED_NAME}"
    place = _one(places(scope, kind), codes.get(COLUMNS[PanelKind(kind)], ""))
    return place, place_name(place)


def _one(rows: QuerySet, code: str):
    place = rows.filter(code=code).first()
    if place is None:
        raise NotFound
    return place


def panel_of(scope: Scope, uuid: object) -> Panel:
    rows = Panel.objects.visible_to(scope).select_related("township", "village", "group__village", "updated_by")
    panel = rows.filter(uuid=uuid).first()
    if panel is None:
        raise NotFound
    return panel


def where_of(panel: Panel) -> str:
    if panel.group_id:
        return place_name(panel.group)
    if panel.village_id:
        return panel.village.short_name + (f" {UNGROUPED_NAME}" if panel.kind == PanelKind.GROUP else "")
    return panel.township.name
