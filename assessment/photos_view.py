"""Photos as pages show them. Presentation only."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from assessment.models import LookPhoto, Round, SurveyStatus
from assessment.rubric import Look
from assessment.selectors import revisions, rounds
from assessment.selectors_photos import MOST, also_elsewhere, counts_of, may_see, photos_of, reviews
from core.actions import record
from core.scope import Scope
from core.web.middleware import origin_of
from households.models import Household

ON_PANEL = 6


@dataclass(frozen=True, slots=True)
class Tile:
    """One photo of a page; `twins` are other households with the very same picture, told to those who decide."""

    photo: LookPhoto
    twins: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Shelf:
    """The photos of one look."""

    look: Look
    tiles: Sequence[Tile]
    full: bool


def shelves_of(scope: Scope, household: Household, round_: Round, looks: Sequence[Look]) -> list[Shelf]:
    """The looks with their photos, in rubric order; nothing in them for a caller who may not see pictures."""
    rows = list(photos_of(household, round_)) if may_see(scope, household) else []
    twins = also_elsewhere(scope, household, {row.sha256 for row in rows}) if rows and reviews(scope, household) else {}
    tiles: dict[str, list[Tile]] = {}
    for row in rows:
        tiles.setdefault(row.look, []).append(Tile(row, twins.get(row.sha256, ())))
    return [Shelf(look, tiles.get(look.code, []), len(tiles.get(look.code, [])) >= MOST) for look in looks]


def audit_look(request: HttpRequest, household: Household, round_: Round, shown: int) -> None:
    """One row on the trail for all the small pictures of a page (trust L1)."""
    if shown:
        record(request.scope, "photo.look", origin_of(request), "household", household.code, place=household, round=round_.code, rows=shown)


def photos_panel(request: HttpRequest, household: Household) -> tuple[str, dict[str, object]]:
    """The photos' section of the household page: how many of which look, the first of them small."""
    round_ = _round_on_page(request.scope, household)
    counts = counts_of(household, round_) if round_ else {}
    tiles: list[Tile] = []
    if round_ and counts and may_see(request.scope, household):
        shelves = shelves_of(request.scope, household, round_, round_.rubric.value.looks)
        tiles = [tile for shelf in shelves for tile in shelf.tiles]
        audit_look(request, household, round_, len(tiles[:ON_PANEL]))
    looks = [(look, counts[look.code]) for look in round_.rubric.value.looks if look.code in counts] if counts else []
    context = {
        "total": sum(counts.values()), "looks": looks, "tiles": tiles[:ON_PANEL], "twins": sum(bool(tile.twins) for tile in tiles),
        "url": reverse("household_photos", args=[household.code]) + (f"?round={round_.code}" if round_ else ""),
    }  # fmt: skip
    return "assessment/_photos_panel.html", {"photos": context, "jump": ("photos-h", f"照片 {context['total']}") if context["total"] else None}


def _round_on_page(scope: Scope, household: Household) -> Round | None:
    """The round whose form the page shows, else the one that is open."""
    form = next((row for row in revisions(scope, household) if row.status == SurveyStatus.SUBMITTED), None)
    rows = rounds(scope).filter(county_id=household.county_id)
    return rows.filter(pk=form.round_id).first() if form else rows.open().order_by("-reference_date", "-pk").first()
