"""The rubric as data: parsing, canonical JSON, digest, and every reason that stops a publication."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest
import yaml

from assessment.archetypes import ARCHETYPES, run_archetypes
from assessment.rubric import (
    DEFAULT_PATH,
    Option,
    RubricError,
    Tier,
    canonical_json,
    digest,
    load_default,
    parse_rubric,
    validate_rubric,
)

RUBRIC = load_default()


def with_indicator(code, change):
    """The default rubric with one indicator replaced by change(indicator)."""
    looks = tuple(
        replace(look, indicators=tuple(change(i) if i.code == code else i for i in look.indicators))
        for look in RUBRIC.looks
    )
    return replace(RUBRIC, looks=looks)


def with_option(indicator, ordinal, **changes):
    return with_indicator(
        indicator,
        lambda i: replace(i, options=tuple(replace(o, **changes) if o.ordinal == ordinal else o for o in i.options)),
    )


def with_tiers(*bounds):
    tiers = tuple(Tier(f"T{n}", f"第{n}档", low, high) for n, (low, high) in enumerate(bounds))
    return replace(RUBRIC, tiers=tiers)


def test_default_rubric_may_be_published():
    assert validate_rubric(RUBRIC) == []


def test_default_rubric_has_six_looks_and_21_indicators_of_100_points():
    assert [look.code for look in RUBRIC.looks] == list("ABCDEF")
    assert len(RUBRIC.indicators) == 21
    assert sum(item.weight for item in RUBRIC.indicators) == 100


def test_default_tiers_are_those_of_the_source():
    assert [(tier.name, tier.min, tier.max) for tier in RUBRIC.tiers] == [
        ("政策兜底户", 0, 50),
        ("低保贫困户", 51, 70),
        ("一般贫困户", 71, 80),
        ("脱贫户", 81, 100),
    ]


def test_options_get_numbered_codes_at_import():
    assert [option.code for option in RUBRIC.indicators[0].options] == ["A1-1", "A1-2", "A1-3", "A1-4", "A1-5"]


def test_stored_json_reads_back_as_the_same_rubric():
    again = parse_rubric(json.loads(canonical_json(RUBRIC)))
    assert again == RUBRIC
    assert digest(again) == digest(RUBRIC)


def test_stored_codes_are_not_renumbered_when_an_option_is_dropped():
    data = json.loads(canonical_json(RUBRIC))
    del data["looks"][0]["indicators"][0]["options"][1]
    assert [o.code for o in parse_rubric(data).indicators[0].options] == ["A1-1", "A1-3", "A1-4", "A1-5"]


def test_digest_of_the_shipped_file_does_not_move():
    assert digest(RUBRIC) == "318209b8ca4d47e19522173a9552a48187743ba6f7d6f4662e1bf3dd8feeeba3"


def test_one_changed_label_changes_the_digest():
    assert digest(with_option("A1", 1, label="没有房")) != digest(RUBRIC)


def test_yaml_and_shipped_file_agree():
    assert parse_rubric(yaml.safe_load(DEFAULT_PATH.read_text(encoding="utf-8"))) == RUBRIC


@pytest.mark.parametrize(
    ("rubric", "reason"),
    [
        (with_option("A1", 5, points=4), "A1 房屋主要结构：权重5分，最高选项4分"),
        (with_option("A1", 2, points=Decimal("1.5")), "分值1.5不是整数"),
        (with_option("A1", 1, points=-1), "不能小于0"),
        (with_option("A1", 2, label="无 房"), "选项重复：无房"),
        (with_option("C1", 2, label="无\u200b"), "选项重复：无"),
        (with_option("A1", 1, label=" "), "没有名称"),
        (with_option("A1", 1, code="A2-1"), "应为A1-1至A1-9"),
        (with_indicator("A1", lambda i: replace(i, code="A2")), "指标代码重复：A2"),
        (with_indicator("A1", lambda i: replace(i, name="饮水")), "指标名称重复：饮水"),
        (with_indicator("A1", lambda i: replace(i, options=i.options[-1:])), "选项应为2至9个，现为1个"),
        (
            with_indicator(
                "A1",
                lambda i: replace(i, options=tuple(Option(f"A1-{n}", f"甲{n}", n % 6) for n in range(1, 11))),
            ),
            "选项应为2至9个，现为10个",
        ),
        (with_indicator("A1", lambda i: replace(i, weight=6)), "一看房：权重24分，下属指标合计25分"),
        (replace(RUBRIC, looks=RUBRIC.looks[:5]), "各看合计应为100分，现为86分"),
        (replace(RUBRIC, looks=(*RUBRIC.looks[:5], RUBRIC.looks[0])), "看的代码重复：A"),
        (with_tiers(), "没有分档"),
        (with_tiers((0, 50), (52, 100)), "之间有空档"),
        (with_tiers((0, 50), (50, 100)), "重叠"),
        (with_tiers((1, 50), (51, 100)), "分档应从0分到100分"),
        (with_tiers((0, 50), (51, 99)), "分档应从0分到100分"),
        (with_tiers((0, 50), (51, Decimal("70.5")), (71, 100)), "分数线应为整数"),
    ],
)
def test_faulty_rubric_is_refused_with_its_reason(rubric, reason):
    assert any(reason in said for said in validate_rubric(rubric))


def test_tier_that_no_answers_reach_is_named():
    # With one indicator worth 0 or everything, nothing lies between.
    look = replace(RUBRIC.looks[0], weight=100, indicators=RUBRIC.looks[0].indicators[:1])
    item = replace(look.indicators[0], weight=100, options=(Option("A1-1", "无", 0), Option("A1-2", "有", 100)))
    rubric = replace(RUBRIC, looks=(replace(look, indicators=(item,)),))
    assert validate_rubric(rubric) == [
        "低保贫困户（51至70分）没有任何答案能够达到",
        "一般贫困户（71至80分）没有任何答案能够达到",
    ]


@pytest.mark.parametrize(
    "data", [{}, {"rubric": {"code": "X"}}, {"code": "X", "name": "X", "groups": 3, "tiers": []}, {"rubric": None}]
)
def test_file_of_another_shape_is_refused_in_chinese(data):
    with pytest.raises(RubricError, match="评分表"):
        parse_rubric(data)


def test_points_that_are_words_are_refused():
    data = json.loads(canonical_json(RUBRIC))
    data["looks"][0]["weight"] = "很多"
    with pytest.raises(RubricError, match="不是分值"):
        parse_rubric(data)


@pytest.mark.parametrize("outcome", run_archetypes(RUBRIC), ids=lambda outcome: outcome.archetype.name)
def test_golden_household_keeps_its_points_and_tier(outcome):
    assert (outcome.points, outcome.tier) == (outcome.archetype.points, outcome.archetype.tier)


def test_golden_households_cover_every_tier():
    assert {archetype.tier for archetype in ARCHETYPES} == {tier.code for tier in RUBRIC.tiers}


def test_golden_household_says_so_when_a_rubric_cannot_score_it():
    outcome = run_archetypes(replace(RUBRIC, looks=RUBRIC.looks[:5]))[0]
    assert (outcome.points, outcome.as_expected) == (None, False)
