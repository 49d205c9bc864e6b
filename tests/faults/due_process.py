"""A process that concludes what is due and stops at one step to be killed: `python tests/faults/due_process.py MOMENT STEP CALL FLAG`.

STEP is `module:function`; it is held at its CALL-th call, and the flag file then says that it is reached.
"""

import os
import sys
import time
from datetime import datetime
from importlib import import_module
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
import pytest  # noqa: F401  # settings then choose the keys and folders of the tests

FOREVER = 600


def hold(step: str, call: int, flag: Path) -> None:
    module, name = step.split(":")
    owner, calls = import_module(module), []
    real = getattr(owner, name)

    def held(*args, **kwargs):
        calls.append(1)
        if len(calls) == call:
            flag.touch()
            time.sleep(FOREVER)
        return real(*args, **kwargs)

    setattr(owner, name, held)


def main(moment: str, step: str, call: str, flag: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fupin.settings")
    import django

    django.setup()
    hold(step, int(call), Path(flag))
    from assessment.actions.due import conclude_due

    conclude_due(datetime.fromisoformat(moment))


if __name__ == "__main__":
    main(*sys.argv[1:])
