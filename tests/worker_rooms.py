"""pytest plugin, loaded before the settings: each parallel worker has a room of its own under VAR_DIR.

A test that travels in time and tidies up would else sweep the uploads that another worker's test is just using.
"""

import os
from pathlib import Path

worker = os.environ.get("PYTEST_XDIST_WORKER", "")
if worker:
    base = Path(os.environ.get("VAR_DIR") or Path(__file__).resolve().parents[1] / "var")
    if base.name != worker:
        os.environ["VAR_DIR"] = str(base / worker)
        Path(os.environ["VAR_DIR"]).mkdir(parents=True, exist_ok=True, mode=0o700)
