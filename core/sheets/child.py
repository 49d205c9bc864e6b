"""Runs alone: `python -I child.py FILE SHEET_INDEX MEMORY CPU_SECONDS` writes a sheet as JSON lines to stdout.

A file that passed the gate may still upset the library that reads it (one with two far cells took 6.1 GB, ruling 11);
here that kills only this process. Imports nothing of the project and gets no setting, so it can leak none.
"""

import datetime
import json
import sys

OUT_OF_MEMORY, BROKEN = 3, 4
BATCH = 200


def limit(memory: int, cpu_seconds: int) -> None:
    try:
        import resource
    except ImportError:  # Windows: the parent's time-out is the only limit there.
        return
    wanted = {"RLIMIT_AS": memory, "RLIMIT_CPU": cpu_seconds, "RLIMIT_FSIZE": 0, "RLIMIT_CORE": 0}
    for name, value in wanted.items():
        try:
            resource.setrlimit(getattr(resource, name), (value, value))
        except (ValueError, OSError):  # macOS refuses some of them.
            continue


def plain(cell):
    """JSON has no dates: they travel tagged, so that a text that looks like a date stays a text."""
    if cell == "" and isinstance(cell, str):
        return None
    if isinstance(cell, str | bool | int | float):
        return cell
    if isinstance(cell, datetime.datetime):
        return {"datetime": cell.isoformat()}
    if isinstance(cell, datetime.date):
        return {"date": cell.isoformat()}
    return {"other": str(cell)}


def main(path: str, sheet_index: str, memory: str, cpu_seconds: str) -> int:
    limit(int(memory), int(cpu_seconds))
    from python_calamine import CalamineWorkbook

    try:
        sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(int(sheet_index))
        left = [None] * (sheet.start[1] if sheet.start else 0)  # The library leaves empty first columns out.
        count, batch = 0, []
        for row in sheet.iter_rows() if sheet.start else ():
            cells = left + [plain(cell) for cell in row] if any(cell != "" for cell in row) else []
            batch.append(json.dumps(cells, ensure_ascii=False))
            count += 1
            if len(batch) == BATCH:
                sys.stdout.write("\n".join(batch) + "\n")
                batch.clear()
        sys.stdout.write("\n".join([*batch, json.dumps({"rows": count})]) + "\n")
        sys.stdout.flush()
    except MemoryError:
        return OUT_OF_MEMORY
    except Exception:  # noqa: BLE001 - whatever the library raises, the parent only needs to know that it failed
        return BROKEN
    return 0


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    sys.exit(main(*sys.argv[1:5]))
