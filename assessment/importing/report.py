"""What an import run says to people: summary lines, the list of problems, the workbook of problems."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from assessment.importing import verdicts
from assessment.importing.service import expired, marked_book
from assessment.selectors_imports import TOWNSHIPS
from core.models import JobState
from core.sheets import CellProblem, error_workbook
from households.importing.model import ERROR, Fault
from households.models import ImportProblem, ImportRun

LABELS = (("households", "户"), ("persons", "人"), ("surveys", "评估表"))
NOTHING = "没有变化"


def figures(run: ImportRun) -> list[dict[str, object]]:
    """户, 人, 表 with 新增, 修改, 不变; empty for a refused file, of which only a part could be counted."""
    rows = []
    if run.counts.get("errors"):
        return rows
    for key, label in LABELS:
        counted = run.counts.get(key)
        if counted:
            rows.append({"label": label, "new": counted["new"], "changed": counted["changed"], "same": counted["same"]})
    return rows


def left(run: ImportRun) -> int:
    return run.counts.get("persons", {}).get("left", 0)


def checked_after(run: ImportRun) -> bool:
    """True when the import has queued a check of the villages that it touched."""
    return run.state == ImportRun.State.COMMITTED and not unchanged(run)


def unchanged(run: ImportRun) -> bool:
    """True when the file says what the database already says."""
    rows = figures(run)
    return bool(rows) and not any(row["new"] or row["changed"] for row in rows) and not left(run)


def summary_lines(run: ImportRun) -> list[str]:
    lines = [f"{run.get_state_display()}：{run.file_name}，批次 {run.round_code}"]
    lines += [f"{row['label']}：新增 {row['new']}，修改 {row['changed']}，不变 {row['same']}" for row in figures(run)]
    if cells := run.counts.get("cells"):
        lines.append(f"编辑用名册：改过 {cells['mine']} 格，冲突 {cells['conflict']} 格，系统中已是这样 {cells['agreed']} 格")
    if left(run):
        lines.append(f"离户：{left(run)} 人")
    if checked_after(run):
        lines.append("疑点：导入后自动核对有变动的村，结果列入疑点")
    if run.counts.get("warnings"):
        lines.append(f"提示：{run.counts['warnings']} 处")
    if run.counts.get("errors"):
        lines.append(f"错误：{run.counts['errors']} 处，没有写入任何数据")
    if unchanged(run):
        lines.append(NOTHING)
    waiting = verdicts.lines(run)
    return lines + ([f"疑似重复：{len(waiting)} 处待认定", *waiting] if waiting else [])


def undecided_lines(run: ImportRun) -> list[str]:
    """Why a run that was to be written waits: nobody at a command line can say whether two are the same."""
    waiting = run.suspicions.filter(verdict="").count() if run.state == ImportRun.State.READY and not run.dry_run else 0
    return [f"有 {waiting} 处疑似重复待认定，没有写入。请用同一账号打开 /imports/{run.uuid}/ 认定并确认导入"] if waiting else []


def as_fault(problem: ImportProblem) -> Fault:
    return Fault(
        problem.severity, problem.sheet, problem.row, problem.column, problem.value, problem.reason, problem.remedy
    )


def error_lines(run: ImportRun) -> list[str]:
    return [as_fault(problem).as_line() for problem in run.problems.filter(severity=ERROR)]


def write_errors(run: ImportRun, target: Path | BinaryIO) -> None:
    """The user's own workbook with its errors marked; where there is none (refused at the gate, days over) the list alone."""
    marked = marked_book(run)
    if marked is None:
        _write_list(run, target)
    elif isinstance(target, Path):
        target.touch(mode=0o600)
        shutil.copyfile(marked, target)
    else:
        target.write(marked.read_bytes())


def _write_list(run: ImportRun, target: Path | BinaryIO) -> None:
    """One line a problem; what does not block is marked as 提示."""
    rows = (
        CellProblem(
            one.sheet,
            one.row or 0,
            one.column,
            one.value,
            one.reason if one.severity == ERROR else f"提示：{one.reason}",
            one.remedy,
        )
        for one in run.problems.all()
    )
    error_workbook(rows, target)


_COLOURS = {
    ImportRun.State.CHECKING: "doing", ImportRun.State.REFUSED: "no", ImportRun.State.READY: "todo",
    ImportRun.State.COMMITTED: "done", ImportRun.State.CANCELLED: "no",
    ImportRun.State.UNDONE: "no",
}  # fmt: skip


def shown_state(run: ImportRun) -> dict[str, str]:
    """The run's state in words; a job that stopped half way is said, a check that nobody confirmed in time is over."""
    job = run.job
    if job and job.is_live and run.state in (ImportRun.State.CHECKING, ImportRun.State.READY):
        return {"label": "导入中" if run.state == ImportRun.State.READY else job.get_state_display(), "colour": "doing"}
    if run.state == ImportRun.State.CHECKING and job and job.state in (JobState.FAILED, JobState.CANCELLED):
        return {"label": job.get_state_display(), "colour": "no"}
    if run.state == ImportRun.State.READY and expired(run):
        return {"label": "已过期", "colour": "no"}
    return {"label": run.get_state_display(), "colour": _COLOURS[run.state]}


def townships_of(run: ImportRun, names: Mapping[str, str]) -> str:
    """大河镇, or 大河镇等 3 个乡镇; `names`: those that the caller may see, by code."""
    known = [names[code] for code in sorted(run.counts.get(TOWNSHIPS, {})) if code in names]
    return f"{known[0]}等 {len(known)} 个乡镇" if len(known) > 1 else "".join(known)


def may_confirm(run: ImportRun) -> bool:
    """Once nothing is suspected any more."""
    return may_decide(run) and not run.suspicions.filter(verdict="").exists()


def may_decide(run: ImportRun) -> bool:
    """Checked and waiting: suspicions are decided, the rest is confirmed or thrown away."""
    return run.state == ImportRun.State.READY and not expired(run) and not (run.job and run.job.is_live)
