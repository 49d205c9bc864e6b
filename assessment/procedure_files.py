"""A county's own procedures: one YAML file each in PROCEDURES_DIR, read when a process starts (ruling 18).

A faulty file is left out and a server does not start with it; neither does it start when the procedure of a round, running or closed, is
no longer what it was when the round opened. A round keeps its procedure for good: a changed one is another file with another code.
"""

import logging
from collections.abc import Iterator
from pathlib import Path

import yaml
from django.conf import settings

from assessment.procedures import PROCEDURES, Procedure, admit
from assessment.procedures.files import ProcedureFaults, digest_of, procedure_of_document

log = logging.getLogger(__name__)
LARGEST = 64 * 1024
faulty: dict[str, list[str]] = {}
"""File name → why it was left out."""


class ProceduresUnfit(Exception):
    """A server does not start with procedures like these; the message names file or round."""


def read(path: Path) -> Procedure:
    """The procedure in the file. Raises ProcedureFaults: cannot be read, no YAML, or every fault of the procedure."""
    try:
        if path.stat().st_size > LARGEST:
            raise ProcedureFaults([f"文件大于 {LARGEST // 1024} KB。"])
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ProcedureFaults([f"打不开文件：{error.strerror}。"]) from error
    except UnicodeDecodeError as error:
        raise ProcedureFaults(["文件不是 UTF-8 编码，请另存为 UTF-8。"]) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise ProcedureFaults([f"第 {mark.line + 1} 行附近的格式不对。" if mark else "文件的格式不对。"]) from error
    return procedure_of_document(data)


def load() -> None:
    """Admit every sound file of the folder; called once, when the apps are ready."""
    for path in sorted(settings.PROCEDURES_DIR.glob("*.yaml")) if settings.PROCEDURES_DIR.is_dir() else ():
        try:
            admit([read(path)])
        except ProcedureFaults as refusal:
            faulty[path.name] = refusal.reasons
        except ValueError as taken:
            faulty[path.name] = [str(taken)]
        if path.name in faulty:
            log.critical("procedure file %s is left out: %s", path.name, " ".join(faulty[path.name]))


def faults() -> Iterator[str]:
    """Files left out, and rounds whose procedure is gone or is another one now: a closed round's pages and seals are read by it too."""
    from assessment.models import Round

    for name, reasons in faulty.items():
        yield f"程序文件 {name} 不能用：{''.join(reasons)}"
    for round_ in Round.objects.order_by("code"):
        procedure = PROCEDURES.get(round_.procedure)
        if procedure is None:
            yield f"批次 {round_.code} 的程序 {round_.procedure} 找不到了，请把原来的文件放回 {settings.PROCEDURES_DIR}。"
        elif round_.procedure_digest and round_.procedure_digest != digest_of(procedure):
            yield f"批次 {round_.code} 开启以后，程序 {round_.procedure} 被改动。请恢复原文件；改过的程序另用一个代码，下一批次再用。"


def verify() -> None:
    """Raises ProceduresUnfit before a server takes a request."""
    if found := list(faults()):
        raise ProceduresUnfit("\n".join(found))
