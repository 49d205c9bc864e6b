"""The boxes of a list's filters: those used daily first, the rest behind 更多条件."""

from collections.abc import Collection

from django.forms import BaseForm

SEARCH = "q"


def filter_boxes(form: BaseForm, rare: Collection[str] = ()) -> dict[str, object]:
    """{daily, rare, rare_used, links} for `components/_filter.html`; `rare` names what stands behind 更多条件. A box of one choice is left
    out, and so is what only links fill in: what an address brought of these stays, unseen (`links`)."""
    every = [{"bound": bound, "options": list(bound.subwidgets)} for bound in form]
    boxes = [box for box in every if box["bound"].name == SEARCH or _choices(box["options"]) > 1]
    behind = [box for box in boxes if box["bound"].name in rare]
    links = [(box["bound"].name, text) for box in every if box not in boxes and (text := box["bound"].value())]
    return {
        "daily": [box for box in boxes if box not in behind], "rare": behind, "rare_used": any(box["bound"].value() for box in behind),
        "links": links,
    }  # fmt: skip


def _choices(options: list) -> int:
    """How many there are besides the empty one."""
    return sum(1 for option in options if option.data["value"])
