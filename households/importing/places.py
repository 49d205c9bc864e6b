"""Villages that the importer may write to, with their groups and the spellings of their names."""

from collections.abc import Mapping
from dataclasses import replace

from core.scope import Scope
from core.sheets import match_key
from households.importing.grouping import KnownVillage, group_key
from villages.models import Village, VillageMerge, VillagerGroup
from villages.selectors import gone_words, heirs

Groups = dict[str, tuple[int, str]]


def known_villages(scope: Scope, county_id: int) -> dict[str, KnownVillage]:
    """By code. A village that was merged away stands under its old code as the village it lives on in: household codes are never
    re-derived (ruling 2), and the next roster still names it. Closed ones take no rows; they are there so that a row is told so."""
    rows = Village.objects.visible_to(scope).filter(county_id=county_id)
    groups: dict[int, Groups] = {}
    open_groups = VillagerGroup.objects.filter(county_id=county_id, valid_to__isnull=True).order_by("number")
    for group_id, village_id, name in open_groups.values_list("pk", "village_id", "name"):
        groups.setdefault(village_id, {})[group_key(name)] = (group_id, name)
    found = {
        village.pk: KnownVillage(
            village.pk, village.code, village.short_name, village.township_id, village.township.code, village.township.name,
            village.county_id, village.county.name, frozenset((match_key(village.name), match_key(village.short_name))), groups.get(village.pk, {}), gone_words(village),
        )
        for village in rows.select_related("township", "county", "merged_into")
    }  # fmt: skip
    gone = {pk for pk, one in found.items() if one.gone}
    return {one.code: one for one in (found | _heirs_of(gone, found)).values()}


def _heirs_of(gone: set[int], found: Mapping[int, KnownVillage]) -> dict[int, KnownVillage]:
    """{village merged away: the entry under its old code}, as far as the importer may write to its heir."""
    if not gone:
        return {}
    into, groups = heirs(), {pk: [] for pk in gone}
    for source, moved in VillageMerge.objects.filter(source__in=gone, undone_at__isnull=True).values_list("source_id", "moved"):
        groups[source] += moved.get("groups", ())
    living = {pk: found.get(into.get(pk)) for pk in gone}
    return {
        pk: replace(heir, code=found[pk].code, merged=found[pk].name, names=found[pk].names | heir.names, groups=_old_groups(groups[pk], heir))
        for pk, heir in living.items() if heir is not None and not heir.gone
    }  # fmt: skip


def _old_groups(moved: list, heir: KnownVillage) -> Groups:
    """The groups that came along, as they were called before the merge: 3组 of the old village may be 8组 today. A name that is not among
    them is unknown, never the heir's own group of that name."""
    today = dict(heir.groups.values())
    return {group_key(name): (group_id, today[group_id]) for group_id, _, name, _ in moved if group_id in today}
