"""Answers as text: one character an indicator in rubric order, the option's number or '-' for not answered. Pure.

Portable and canonical (rulings 4): the same on both databases, comparable, hashable. Missing is not 0 points and not
"does not apply" (trust 85): it blocks the score.
"""

import re
from collections.abc import Mapping

from assessment.rubric import Indicator, Option, Rubric, fold

MISSING = "-"

# Wordings met on paper and in older workbooks (rulings 11: accepted synonyms are a table). Folded spelling -> label.
# They only count where the indicator has the label on the right.
SYNONYMS = {
    fold(said): fold(label)
    for said, label in {
        "没有": "无", "未有": "无", "无此项": "无",
        "没有房子": "无房", "无住房": "无房",
        "土坯房": "竹草土坯、土窑洞", "竹草土坯": "竹草土坯、土窑洞", "土窑洞": "竹草土坯、土窑洞",
        "土木": "其他（土木、石木等）", "石木": "其他（土木、石木等）", "其他": "其他（土木、石木等）",
        "砖瓦砖木": "砖瓦砖木、砖石窑洞", "砖木": "砖瓦砖木、砖石窑洞", "砖木结构": "砖瓦砖木、砖石窑洞",
        "砖混": "砖混材料或钢筋混凝土", "砖混结构": "砖混材料或钢筋混凝土", "钢筋混凝土": "砖混材料或钢筋混凝土",
        "A": "A级", "B": "B级", "C": "C级", "D": "无房或D级", "D级": "无房或D级", "无房": "无房或D级",
        "未通电": "未通生活用电", "不通电": "未通生活用电",
        "通电，沙石路": "通电，砂石路",
        "通电，水泥路": "通电，水泥路或沥青路", "通电，沥青路": "通电，水泥路或沥青路",
        "有余粮": "家有余粮", "够吃": "基本够吃",
        "一件": "电视冰箱洗衣机有一件", "两件": "有两件", "三件": "三件齐全",
        "自行车": "自行车或电动自行车", "电动自行车": "自行车或电动自行车", "电动车": "自行车或电动自行车",
        "摩托车": "摩托车或三轮车", "三轮车": "摩托车或三轮车",
        "轿车": "轿车、客运车或货运车", "小轿车": "轿车、客运车或货运车", "货车": "轿车、客运车或货运车",
        "没有负债": "无负债", "无债务": "无负债",
        "零散": "有零散来源", "稳定": "有稳定来源",
        "无劳力": "无劳动力",
        "1/3以下": "不足三分之一", "1/3至1/2": "三分之一至二分之一", "1/2及以上": "二分之一及以上",
        "健康": "全部健康", "均健康": "全部健康",
        "大专及以上": "大专及以上或有技能资质证书", "有技能资质证书": "大专及以上或有技能资质证书",
        "高中": "高中或中职", "中职": "高中或中职", "中专": "高中或中职", "文盲半文盲": "文盲半文盲或无劳动力",
        "没有人务工": "无人务工", "1人满6个月": "一人满6个月", "2人及以上满6个月": "两人及以上满6个月",
        "1人": "一人", "2人": "两人", "二人": "两人", "3人及以上": "三人及以上",
    }.items()
}  # fmt: skip


class AnswersError(ValueError):
    """An answers text or mapping that does not belong to this rubric."""


def encode(rubric: Rubric, ordinals: Mapping[str, int | None]) -> str:
    """The answers string of {indicator code: ordinal}; left out or None is missing. AnswersError for the unknown."""
    strangers = sorted(set(ordinals) - set(rubric.by_code))
    if strangers:
        raise AnswersError(f"评分表没有指标{'、'.join(strangers)}")
    return "".join(_character(item, ordinals.get(item.code)) for item in rubric.indicators)


def _character(item: Indicator, ordinal: int | None) -> str:
    if ordinal is None:
        return MISSING
    if ordinal not in {option.ordinal for option in item.options}:
        raise AnswersError(f"{item.code} {item.name}没有第{ordinal}个选项")
    return str(ordinal)


def decode(rubric: Rubric, text: str) -> dict[str, int | None]:
    """{indicator code: ordinal or None} of an answers string; AnswersError when it does not fit the rubric."""
    if len(text) != len(rubric.indicators):
        raise AnswersError(f"答案应有{len(rubric.indicators)}项，现有{len(text)}项")
    decoded: dict[str, int | None] = {}
    for item, character in zip(rubric.indicators, text, strict=True):
        if character == MISSING:
            decoded[item.code] = None
            continue
        known = {str(option.ordinal): option.ordinal for option in item.options}
        if character not in known:
            raise AnswersError(f"{item.code} {item.name}没有选项“{character}”")
        decoded[item.code] = known[character]
    return decoded


def missing(rubric: Rubric, text: str) -> tuple[str, ...]:
    """Codes of the indicators not answered yet, in rubric order."""
    return tuple(code for code, ordinal in decode(rubric, text).items() if ordinal is None)


def chosen(rubric: Rubric, text: str) -> dict[str, Option | None]:
    """{indicator code: Option or None}: what a page or a printed form shows."""
    return {
        code: None if ordinal is None else rubric.by_code[code].option(ordinal)
        for code, ordinal in decode(rubric, text).items()
    }


def match_option(indicator: Indicator, text: object) -> Option | None:
    """The option a cell means: by code (A1-2), by label, or by an accepted synonym; None when it means none.

    A bare number is not accepted: it could be an ordinal or points.
    """
    if not isinstance(text, str):
        return None
    for option in indicator.options:
        if text == option.label:  # the usual cell of a township's workbook: nothing to fold
            return option
    said = fold(text)
    for option in indicator.options:
        if said == fold(option.code) or _loose(said) == _loose(fold(option.label)):
            return option
    label = SYNONYMS.get(said)
    return next((option for option in indicator.options if fold(option.label) == label), None)


def _loose(folded: str) -> str:
    """Ranges and units as people write them: 10-18㎡ is 10至18平方米."""
    spelled = re.sub(r"(?<=[0-9])[-~—–～〜到](?=[0-9])", "至", folded)
    return re.sub(r"M2|平米|平方(?!米)", "平方米", spelled)


def match_indicator(rubric: Rubric, header: object) -> Indicator | None:
    """The indicator a column header names: 'A1', 'A1 房屋主要结构' or '房屋主要结构'."""
    if not isinstance(header, str):
        return None
    said = fold(header)
    for item in rubric.indicators:
        if said in (fold(item.code), fold(item.name), fold(item.code + item.name), fold(item.code + "." + item.name)):
            return item
    return None


def read_answers(rubric: Rubric, cells: Mapping[str, object]) -> tuple[str, dict[str, str]]:
    """Answers string of {indicator code: code or label}, and a Chinese problem for each cell that cannot be read.

    A blank cell is missing ('-'), not a problem: whether missing blocks is for the caller (drafts may have gaps).
    """
    ordinals: dict[str, int] = {}
    problems: dict[str, str] = {}
    for code, cell in cells.items():
        item = rubric.by_code.get(code)
        if item is None:
            problems[code] = f"评分表没有指标{code}"
        elif cell is None or (isinstance(cell, str) and fold(cell) == ""):
            continue
        elif (option := match_option(item, cell)) is not None:
            ordinals[code] = option.ordinal
        else:
            choices = "；".join(option.label for option in item.options)
            problems[code] = f"“{cell}”不是{item.code} {item.name}的选项，应为：{choices}"
    return encode(rubric, ordinals), problems
