"""On a meeting's page: the households whose decided category is not that of their score, with the reasons (ruling 15). Presentation only."""

from django.urls import reverse

from assessment.differing import POORER, WAYS, Differing, way_of
from assessment.docket import Docket, Line
from assessment.procedures.reasons import reason_words
from assessment.workflow import Step


def on_desk(table: Docket) -> dict[str, object]:
    """From what has been entered while the meeting is open, from what was decided when it is over."""
    order = [code for code, _ in table.categories]
    rows = [(line, way) for line in table.lines if line.opinion == Step.AGREE.value and (way := way_of(order, line.tier, line.category))]
    poorer = sum(way == POORER for _, way in rows)
    base = reverse("sitting", args=[table.sitting.uuid])
    return {
        "differing": Differing(poorer, len(rows) - poorer),
        "differing_rows": [
            {
                "name": line.head_name, "url": f"{base}?case={line.case.uuid}", "points": line.points, "tier": line.tier_name,
                "category": line.category_name, "way": dict(WAYS)[way], "reasons": _reasons(line),
            }
            for line, way in rows
        ],
    }  # fmt: skip


def _reasons(line: Line) -> str:
    """What this meeting says; without a word of its own, what the stage said that first departed from the score."""
    own = line.verdict or line.ballot
    if own and own.reasons:
        return "、".join(reason_words(own.reasons))
    if line.note or (own and own.note_enc):
        return "见说明"
    earlier = next((past for past in line.past if past.standing and past.category == line.category_name), None)
    if earlier is None:
        return ""
    return f"{earlier.stage}定的" + (f"：{'、'.join(earlier.reasons)}" if earlier.reasons else "，见那次的说明")
