"""A worker process that stops at one step and waits to be killed: `python tests/faults/worker.py JOB_ID STEP FLAG`.

STEP is `module:attribute[:note]`: the function is held before it runs; with a note, a call of it whose arguments hold that text. The flag
file says that the step is reached. Without a step the job simply runs. The pause lives here, so that the app has no hook for it.
"""

import os
import sys
import time
from importlib import import_module
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
import pytest  # noqa: F401  # settings then choose the keys and folders of the tests

FOREVER = 600


def hold(step: str, flag: Path) -> None:
    """Wrap the step: touch the flag and sleep in place of doing it."""
    module, name, note = (step.split(":") + [""])[:3]
    owner = import_module(module)
    *path, last = name.split(".")
    for part in path:
        owner = getattr(owner, part)
    real = getattr(owner, last)

    def held(*args, **kwargs):
        if note in map(str, args) or not note:
            flag.touch()
            time.sleep(FOREVER)
        return real(*args, **kwargs)

    setattr(owner, last, held)


def main(job_id: str, step: str, flag: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fupin.settings")
    import django

    django.setup()
    from core import jobs

    hold(step, Path(flag))
    jobs.run(job_id)


if __name__ == "__main__":
    main(*sys.argv[1:])
