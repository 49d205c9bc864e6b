"""What is wrong with a procedure before anybody runs a list by it: shipped ones at import, a county's own file when it is read (ruling 18). Pure."""

import re
from collections import Counter
from collections.abc import Collection, Iterator

from assessment.procedures.model import LADDER, LEVEL_NAMES, STANDING, Level, Majority, Mode, Procedure, Stage

CODE = re.compile(r"[a-z][a-z0-9]{1,7}\Z")
KINDS = ("identify", "exit", "monitor", "low_income")
PANELS = ("group", "village", "inspection", "visit")
PAPERS = ("application", "wish", "registration", "survey", "income")
DECIDERS = 3
"""Levels above the group at which separated stages may lie; each is decided by another person (ruling 16)."""


def faults_of(procedure: Procedure, offices: Collection[Level] = LADDER) -> list[str]:
    """Chinese sentences, [] for a sound procedure. `offices` are the levels that have somebody to decide."""
    if not procedure.stages:
        return ["没有阶段。"]
    faults = [*_head(procedure), *_codes(procedure), *_order(procedure), *_papers(procedure)]
    for stage in procedure.stages:
        faults += [f"阶段 {stage.code}（{stage.name}）：{fault}" for fault in _stage(procedure, stage, offices)]
    return faults


def _head(procedure: Procedure) -> Iterator[str]:
    if not CODE.match(procedure.code):
        yield f"程序代码“{procedure.code}”不对：2 至 8 位小写字母或数字，字母开头。"
    if not procedure.name.strip():
        yield "没有名称。"
    for kind in procedure.kinds:
        if kind not in KINDS:
            yield f"没有“{kind}”这一类程序，只有 {'、'.join(KINDS)}。"


def _codes(procedure: Procedure) -> Iterator[str]:
    for code, number in Counter(stage.code for stage in procedure.stages).items():
        if number > 1:
            yield f"阶段代码 {code} 用了 {number} 次。"
        if not CODE.match(code):
            yield f"阶段代码“{code}”不对：2 至 8 位小写字母或数字，字母开头。"


def _order(procedure: Procedure) -> Iterator[str]:
    """What makes a list run into nothing: nobody decides, a notice with nothing decided before it, two visits."""
    sittings = [stage for stage in procedure.stages if stage.mode is Mode.SITTING]
    if not sittings:
        yield "没有一个决定的阶段，名单走不下去。"
    if procedure.stages[0].mode is Mode.NOTICE:
        yield f"第一个阶段 {procedure.stages[0].code} 就是公示：还没有定下名单。"
    if sum(stage.visits for stage in procedure.stages) > 1:
        yield "入户调查只能有一个阶段。"
    if sittings and not procedure.has_form(sittings[-1].code):
        yield "入户调查以后没有决定的阶段。"


def _papers(procedure: Procedure) -> Iterator[str]:
    known = {*procedure.by_code, STANDING}
    for need in procedure.papers:
        if need.kind not in PAPERS:
            yield f"没有“{need.kind}”这种材料，只有 {'、'.join(PAPERS)}。"
        if need.before not in known or (need.after and need.after not in procedure.by_code):
            yield f"材料{need.name}写的阶段，程序里没有。"
        elif need.after and procedure.index(need.after) >= procedure.index(procedure.stops_at(need)):
            yield f"材料{need.name}在要它的阶段以后才填，名单会停在那里。"


def _stage(procedure: Procedure, stage: Stage, offices: Collection[Level]) -> Iterator[str]:
    if not stage.name.strip() or not stage.list_name.strip():
        yield "名称和名单名称都要填。"
    if stage.level not in offices:
        yield f"{LEVEL_NAMES[stage.level]}一级没有人能办。"
    if stage.limit_days is not None and stage.limit_days < 1:
        yield "办理期限至少 1 天。"
    yield from _returns(procedure, stage)
    yield from _notice(procedure, stage) if stage.mode is Mode.NOTICE else _sitting(procedure, stage)


def _returns(procedure: Procedure, stage: Stage) -> Iterator[str]:
    earlier = [other.code for other in procedure.before(stage.code)]
    for target in stage.returns_to:
        if target not in earlier:
            yield f"退回到 {target}，那不是前面的阶段。"
        elif procedure.by_code[target].mode is Mode.NOTICE:
            yield f"退回到 {target}，那是公示，没有人在那里决定。"


def _notice(procedure: Procedure, stage: Stage) -> Iterator[str]:
    rule = stage.notice
    if rule is None:
        yield "公示没有写天数。"
        return
    if rule.floor < procedure.floor or rule.days < rule.floor:
        yield f"公示 {min(rule.days, rule.floor)} 天，不得少于 {procedure.floor} 天。"
    if stage.per_group != (rule.where is Level.GROUP):
        yield "按组公示的按组张贴，其他的一村一张。"
    if LADDER.index(max(stage.level, Level.VILLAGE, key=LADDER.index)) < LADDER.index(rule.where):
        yield f"{LEVEL_NAMES[stage.level]}不能在{LEVEL_NAMES[rule.where]}的公示栏公示。"
    if stage.panel or stage.checks or stage.returns_to or stage.ranked or stage.majority is not Majority.NONE:
        yield "公示不开会：没有评议小组、排队、表决、审核项目和退回。"


def _sitting(procedure: Procedure, stage: Stage) -> Iterator[str]:
    if stage.notice is not None:
        yield "开会的阶段不写公示天数。"
    if stage.per_group != (stage.level is Level.GROUP):
        yield "村民小组一级的会按组开，其他各级按村开。"
    if stage.majority is Majority.OF_PRESENT and stage.panel is None:
        yield "按实到人数表决的，要写明谁来开会。"
    if stage.panel and stage.panel.kind not in PANELS:
        yield f"没有“{stage.panel.kind}”这种小组，只有 {'、'.join(PANELS)}。"
    if stage.ranked and not (stage.per_group and stage.panel):
        yield "逐户排队在按组开的会上办，要写明谁来排。"
    if stage.separated and stage.level is Level.GROUP:
        yield "组评只是记录，不是决定，不能要求回避。"
    if stage.separated and _separated(procedure, stage.level) > DECIDERS:
        yield f"{LEVEL_NAMES[stage.level]}一级要由不同的人决定的阶段多于 {DECIDERS} 个，没有这么多人。"
    if stage.needs_survey and not procedure.has_form(stage.code):
        yield "还没有入户调查，不能要求评估表。"
    if not stage.needs_survey and procedure.has_form(stage.code):
        yield "已经入户调查，必须看评估表。"


def _separated(procedure: Procedure, level: Level) -> int:
    return sum(stage.separated for stage in procedure.stages if stage.level is level)
