"""Villages that the importer may write to, with their groups and the spellings of their names."""

from core.scope import Scope
from core.sheets import match_key
from households.importing.grouping import KnownVillage, group_key
from villages.models import Village, VillagerGroup


def known_villages(scope: Scope, county_id: int) -> dict[str, KnownVillage]:
    """By code. Merged and closed villages take no new rows."""
    rows = Village.objects.visible_to(scope).filter(county_id=county_id, valid_to__isnull=True)
    groups: dict[int, dict[str, tuple[int, str]]] = {}
    open_groups = VillagerGroup.objects.filter(county_id=county_id, valid_to__isnull=True).order_by("number")
    for group_id, village_id, name in open_groups.values_list("pk", "village_id", "name"):
        groups.setdefault(village_id, {})[group_key(name)] = (group_id, name)
    return {
        village.code: KnownVillage(
            village.pk, village.code, village.short_name, village.township_id, village.township.code, village.township.name,
            village.county_id, village.county.name, frozenset((match_key(village.name), match_key(village.short_name))), groups.get(village.pk, {}),
        )
        for village in rows.select_related("township", "county")
    }  # fmt: skip
