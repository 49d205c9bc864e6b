"""A procedure as a document: what a county writes in one file, and the digest by which a round knows that it is still the same. Pure.

A file names each stage's successor (`next`; the next one in the file when it says nothing, `end` to stop), so that a stage nobody comes to
and a path that leads nowhere are found here, before the stages are put in their order.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import Any

from assessment.procedures.checking import faults_of
from assessment.procedures.model import (
    AT_MEETING,
    AT_OFFICE,
    FOUR_GATES,
    Check,
    Level,
    Majority,
    Mode,
    NoticeRule,
    PanelRule,
    PaperNeed,
    Procedure,
    Stage,
    Words,
)

END = "end"
WORDS = {"meeting": AT_MEETING, "office": AT_OFFICE}
CHECKS = {"four_gates": FOUR_GATES}
ENUMS = {"level": Level, "mode": Mode, "majority": Majority, "where": Level}
LONGEST = 64


class ProcedureFaults(ValueError):
    """`reasons`: Chinese sentences that say where and what."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("".join(reasons))
        self.reasons = reasons


def document_of(procedure: Procedure) -> dict[str, Any]:
    """The procedure as plain data: what `procedure_of_document` reads back."""
    return _plain(procedure)


def digest_of(procedure: Procedure) -> str:
    """SHA-256 over the canonical document; names and texts included."""
    text = json.dumps(document_of(procedure), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def procedure_of_document(data: object) -> Procedure:
    """A sound procedure. Raises ProcedureFaults with every reason at once."""
    if not isinstance(data, Mapping) or not isinstance(data.get("stages"), list):
        raise ProcedureFaults(["文件里没有程序：要有 code、name、source、stages。"])
    faults: list[str] = []
    stages = [_stage(row, number, faults) for number, row in enumerate(data["stages"], start=1)]
    given = {name: value for name, value in data.items() if name != "stages"}
    rest = {name: tuple(value) if isinstance(value, list) else value for name, value in given.items() if name != "papers"}
    papers = tuple(_part(PaperNeed, row, "材料", faults) for row in given.get("papers") or ())
    if faults:
        raise ProcedureFaults(faults)
    ordered = _ordered(data["stages"], stages, faults)
    made = _made(Procedure, rest | {"papers": papers, "stages": tuple(ordered)}, "程序", faults)
    faults += faults_of(made) if made else []
    if faults:
        raise ProcedureFaults(faults)
    return made


def _stage(row: object, number: int, faults: list[str]) -> Stage | None:
    where = f"第 {number} 个阶段"
    if not isinstance(row, Mapping):
        faults.append(f"{where}不是一组“名: 值”。")
        return None
    values: dict[str, Any] = {name: value for name, value in row.items() if name != "next"}
    if isinstance(values.get("words"), str):
        values["words"] = WORDS.get(values["words"])
    elif "words" in values:
        values["words"] = _part(Words, values["words"], f"{where}的 words", faults)
    if isinstance(values.get("checks"), str):
        values["checks"] = CHECKS.get(values["checks"], ())
    elif "checks" in values:
        values["checks"] = tuple(_part(Check, one, f"{where}的 checks", faults) for one in values["checks"] or ())
    for name, kind in (("panel", PanelRule), ("notice", NoticeRule)):
        if values.get(name) is not None:
            values[name] = _part(kind, values[name], f"{where}的 {name}", faults)
    return _made(Stage, values, where, faults)


def _part(kind: type, row: object, where: str, faults: list[str]) -> Any:
    if not isinstance(row, Mapping):
        faults.append(f"{where}不是一组“名: 值”。")
        return None
    return _made(kind, dict(row), where, faults)


def _made(kind: type, values: dict[str, Any], where: str, faults: list[str]) -> Any:
    """An instance, or None with the reasons added: unknown names, missing ones, values of another kind."""
    known = {field.name: field for field in fields(kind) if field.init}
    before = len(faults)
    for name in values:
        if name not in known:
            faults.append(f"{where}：不认识“{name}”。")
    for name, field in known.items():
        if name not in values and field.default is MISSING and field.default_factory is MISSING:
            faults.append(f"{where}：没有写 {name}。")
    for name, value in list(values.items()):
        if name in known:
            values[name] = _value(name, value, where, faults)
    return kind(**values) if len(faults) == before else None


def _value(name: str, value: Any, where: str, faults: list[str]) -> Any:
    if name in ENUMS:
        try:
            return ENUMS[name](value)
        except ValueError:
            faults.append(f"{where}：{name} 只能是 {'、'.join(one.value or '“”' for one in ENUMS[name])}，写的是“{value}”。")
            return None
    if isinstance(value, str) and len(value) > LONGEST:
        faults.append(f"{where}：{name} 最多 {LONGEST} 字。")
    if name in ("code", "name", "list_name") and not isinstance(value, str):
        faults.append(f"{where}：{name} 要写文字（加引号）。")
    if name in ("days", "floor", "minimum", "exactly", "limit_days") and value is not None and (isinstance(value, bool) or not isinstance(value, int)):
        faults.append(f"{where}：{name} 要写整数。")
    return tuple(value) if isinstance(value, list) else value


def _ordered(rows: list[Any], stages: list[Stage], faults: list[str]) -> list[Stage]:
    """The stages as the list walks them: from the first, by `next`."""
    by_code = {stage.code: stage for stage in stages}
    if len(by_code) < len(stages):
        return stages  # what is said of a code used twice is said by the checker
    follows = {}
    for number, stage in enumerate(stages):
        later = stages[number + 1].code if number + 1 < len(stages) else END
        follows[stage.code] = rows[number].get("next", later)
    found: list[Stage] = []
    code = stages[0].code if stages else END
    while code != END:
        if code not in by_code:
            faults.append(f"阶段 {found[-1].code} 以后是 {code}，没有这个阶段，名单走到那里就断了。")
            return found
        if by_code[code] in found:
            faults.append(f"阶段 {found[-1].code} 以后又回到 {code}，名单没有尽头。")
            return found
        found.append(by_code[code])
        code = follows[code]
    faults += [f"阶段 {stage.code}（{stage.name}）走不到：没有哪个阶段以后是它。" for stage in stages if stage not in found]
    return found


def _plain(value: Any) -> Any:
    """Frozen values as dicts and lists; what is as by default is left out, so that a new default field changes no digest."""
    if isinstance(value, (Procedure, Stage, PanelRule, NoticeRule, PaperNeed, Check, Words)):
        kept = {}
        for field in fields(value):
            own = getattr(value, field.name)
            if field.init and own != (field.default if field.default is not MISSING else None):
                kept[field.name] = _plain(own)
        return kept
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return value.value if isinstance(value, (Level, Mode, Majority)) else value
