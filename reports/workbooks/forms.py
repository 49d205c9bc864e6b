"""Who signs which table, which seal, how many copies and where each goes (brief D6-03). Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Form:
    """The paper side of a table: its name, the header of its first column, and the lines under the figures."""

    title: str
    first_column: str
    signer: str
    seal: str
    copies: str


FORMS = {
    "village": Form(
        "农村贫困人口排查情况统计表（村表）", "村民小组", "村党支部书记（签字）", "村民委员会（公章）",
        "本表由村党支部书记签字、加盖村委会公章，一式三份报乡镇：乡镇、县、州各一份。",
    ),
    "township": Form(
        "农村贫困人口排查情况统计表（乡镇表）", "村（社区）", "乡镇长（签字）", "乡镇人民政府（公章）",
        "本表由乡镇长签字、加盖乡镇人民政府公章，一式三份：乡镇、县、州各一份。",
    ),
    "county": Form(
        "农村贫困人口排查情况统计表（县表）", "乡镇", "县长（签字）", "县人民政府（公章）",
        "本表由县长签字、加盖县人民政府公章，一式两份：县存档一份，报州扶贫办一份。",
    ),
}  # fmt: skip
