"""Golden cases: made-up households whose points and tier are agreed, so a changed rubric shows what it does to people.

Pure. They belong to the default rubric; a county's own version is run through the same households and the difference
is shown before publishing. Two of them are the known weak spots of the default table (brief 1).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from assessment.answers import AnswersError, encode
from assessment.rubric import Rubric
from assessment.scoring import Incomplete, score


@dataclass(frozen=True)
class Archetype:
    """A named household: who they are, their answers by indicator code (ordinals), expected points and tier code."""

    name: str
    story: str
    answers: Mapping[str, int]
    points: int
    tier: str


@dataclass(frozen=True)
class Outcome:
    """An archetype under some rubric. `points` and `tier` are None when that rubric cannot score it."""

    archetype: Archetype
    points: int | None
    tier: str | None

    @property
    def as_expected(self) -> bool:
        return (self.points, self.tier) == (self.archetype.points, self.archetype.tier)


CODES = "A1 A2 A3 A4 A5 B1 B2 B3 C1 C2 C3 D1 D2 D3 E1 E2 E3 E4 F1 F2 F3".split()


def _answers(ordinals: str) -> dict[str, int]:
    """21 ordinals in six groups, as on the paper form."""
    return dict(zip(CODES, map(int, ordinals.replace(" ", "")), strict=True))


ARCHETYPES = (
    Archetype(
        "独居五保老人",
        "七十六岁，土坯房鉴定为D级，无劳动力，无务工，患慢性病，无存款",
        _answers("21322 221 211 141 1311 432"),
        30,
        "DOUDI",
    ),
    Archetype(
        "因病低保户",
        "四口人，两个劳动力，户主患大病，一人在县内零散务工，砖瓦房鉴定为C级，有两件电器",
        _answers("42333 333 332 222 4232 433"),
        58,
        "DIBAO",
    ),
    Archetype(
        "供两个学生的一般户",
        "五口人，两个劳动力，一人常年务工，一名高中生、一名大学生，有教育负债",
        _answers("54444 444 433 333 3433 223"),
        78,
        "YIBAN",
    ),
    Archetype(
        "常年务工的脱贫户",
        "四口人，两人常年在外务工，住砖混新房，有轿车和存款，子女已就业",
        _answers("54544 344 543 443 4444 434"),
        94,
        "TUOPIN",
    ),
    Archetype(
        "无地搬迁户",
        "城镇安置点三口人，无耕地，住房设施齐全，一人常年务工；二看粮只得2分，差1分不到一般档",
        _answers("54444 121 431 233 4433 433"),
        70,
        "DIBAO",
    ),
    Archetype(
        "富裕的退休夫妇",
        "两人均无劳动力，患慢性病，住房、存款充足，有退休工资和轿车；五看只得4分，总分停在低保档",
        _answers("54544 141 541 443 1311 432"),
        67,
        "DIBAO",
    ),
)


def run_archetypes(rubric: Rubric, archetypes: tuple[Archetype, ...] = ARCHETYPES) -> tuple[Outcome, ...]:
    """Every golden case under this rubric; a rubric with other indicators gives outcomes without points."""
    return tuple(_run(rubric, archetype) for archetype in archetypes)


def _run(rubric: Rubric, archetype: Archetype) -> Outcome:
    try:
        result = score(rubric, encode(rubric, archetype.answers))
    except (AnswersError, Incomplete):
        return Outcome(archetype, None, None)
    return Outcome(archetype, result.points, result.tier.code)
