"""A procedure drawn: stages as boxes, the way on as arrows, returns as arcs below. SVG text, the same for the same procedure. Pure."""

from xml.sax.saxutils import escape

from assessment.procedures.model import LEVEL_NAMES, Mode, Procedure, Stage

BOX, HEIGHT, GAP, MARGIN, TOP = 132, 84, 44, 24, 66
ARC_STEP = 26
INK, PAPER, LINE, BACK = "#1f2933", "#ffffff", "#1d4e68", "#8a4b08"


def picture(procedure: Procedure) -> str:
    """An SVG of the whole way from the submitted form to the standing."""
    arcs = _lanes(
        [
            (procedure.index(stage.code), procedure.index(target))
            for stage in procedure.stages
            for target in stage.returns_to
        ]
    )
    columns = len(procedure.stages) + 1
    width = 2 * MARGIN + columns * BOX + (columns - 1) * GAP
    height = TOP + HEIGHT + 40 + ARC_STEP * (max((lane for _, _, lane in arcs), default=0) + 1)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="{escape(procedure.name)}" font-family="sans-serif">',
        f'<rect width="{width}" height="{height}" fill="{PAPER}"/>',
        _text(MARGIN, 28, f"{procedure.name}（{procedure.code}）", size=18, bold=True),
        _text(
            MARGIN,
            50,
            "蓝线：往下走　棕线：退回（轮次加一，此后各阶段的决定作废）　变更锁定的户：退回第一个阶段",
            size=12,
        ),
    ]
    parts += [_box(number, stage) for number, stage in enumerate(procedure.stages)]
    parts.append(_end(len(procedure.stages)))
    parts += [_forward(number) for number in range(len(procedure.stages))]
    parts += [_arc(*arc, slot) for slot, arc in enumerate(arcs)]
    return "\n".join([*parts, "</svg>"]) + "\n"


def _x(number: int) -> int:
    return MARGIN + number * (BOX + GAP)


def _text(
    x: float, y: float, words: str, *, size: int = 13, bold: bool = False, fill: str = INK, anchor: str = "start"
) -> str:
    weight = ' font-weight="700"' if bold else ""
    return f'<text x="{x:g}" y="{y:g}" font-size="{size}" fill="{fill}" text-anchor="{anchor}"{weight}>{escape(words)}</text>'


def _box(number: int, stage: Stage) -> str:
    x, middle = _x(number), _x(number) + BOX / 2
    dash = ' stroke-dasharray="5 4"' if stage.mode is Mode.NOTICE else ""
    unit = "按组" if stage.per_group else "按村"
    days = f"，{stage.notice.days} 天" if stage.notice else ""
    lines = [
        f'<rect x="{x}" y="{TOP}" width="{BOX}" height="{HEIGHT}" rx="6" fill="#f3f6f8" stroke="{LINE}" stroke-width="1.5"{dash}/>',
        _text(middle, TOP + 26, stage.name, size=15, bold=True, anchor="middle"),
        _text(middle, TOP + 48, f"{LEVEL_NAMES[stage.level]} · {unit}{days}", size=12, anchor="middle"),
        _text(middle, TOP + 68, stage.list_name, size=12, fill="#52606d", anchor="middle"),
    ]
    return "\n".join(lines)


def _end(number: int) -> str:
    x, middle = _x(number), _x(number) + BOX / 2
    return "\n".join(
        [
            f'<rect x="{x}" y="{TOP}" width="{BOX}" height="{HEIGHT}" rx="42" fill="{LINE}"/>',
            _text(middle, TOP + 38, "已认定", size=15, bold=True, fill=PAPER, anchor="middle"),
            _text(middle, TOP + 58, "写入认定结果", size=12, fill=PAPER, anchor="middle"),
        ]
    )


def _forward(number: int) -> str:
    start, end, y = _x(number) + BOX, _x(number + 1), TOP + HEIGHT / 2
    head = f"{end},{y:g} {end - 9},{y - 5:g} {end - 9},{y + 5:g}"
    return f'<path d="M{start} {y:g}H{end - 8}" stroke="{LINE}" stroke-width="2" fill="none"/><polygon points="{head}" fill="{LINE}"/>'


def _lanes(returns: list[tuple[int, int]]) -> list[tuple[int, int, int]]:
    """(from, to, lane): short returns run high, and no two that overlap share a lane."""
    placed: list[tuple[int, int, int]] = []
    for start, end in sorted(returns, key=lambda pair: (pair[0] - pair[1], pair)):
        taken = {lane for other, its_end, lane in placed if its_end <= start and end <= other}
        placed.append((start, end, next(lane for lane in range(len(returns)) if lane not in taken)))
    return placed


def _arc(start: int, end: int, lane: int, slot: int) -> str:
    """From the lower edge of the stage that returns to the lower edge of the one it names; each arc has its own place to start."""
    bottom, shift = TOP + HEIGHT, 9 * (slot % 6) - 22
    depth = bottom + 24 + ARC_STEP * lane
    x1, x2 = _x(start) + BOX / 2 + shift, _x(end) + BOX / 2 + shift + 4
    head = f"{x2:g},{bottom} {x2 - 5:g},{bottom + 9} {x2 + 5:g},{bottom + 9}"
    path = f"M{x1:g} {bottom}V{depth - 8}Q{x1:g} {depth} {x1 - 8:g} {depth}H{x2 + 8:g}Q{x2:g} {depth} {x2:g} {depth - 8}V{bottom + 8}"
    return f'<path d="{path}" stroke="{BACK}" stroke-width="1.4" fill="none"/><polygon points="{head}" fill="{BACK}"/>'
