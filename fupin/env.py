"""Reads the environment once (12-factor) and names what is missing; `.env.example` lists every variable."""

import os
import tempfile
from pathlib import Path

import environ

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
if (BASE_DIR / ".env").is_file():
    environ.Env.read_env(BASE_DIR / ".env")


def profile() -> str:
    """`demo` (loopback, own keys under var/), or `production` (ruling 28). Anything else is refused."""
    name = env.str("FUPIN_PROFILE", "demo")
    if name not in ("demo", "production"):
        raise SystemExit("FUPIN_PROFILE 只能是 demo 或 production。")
    return name


def secret(name: str, demo_file: Path, *, make) -> str:
    """A secret from the environment; in the demo profile from a 0600 file under var/, made on first use. Production never makes one."""
    value = env.str(name, "")
    if value:
        return value
    if profile() == "production":
        raise SystemExit(f"生产环境必须设置 {name}（见 .env.example）。")
    if not demo_file.exists():
        _write_once(demo_file, make())
    return demo_file.read_text(encoding="utf-8").strip()


def _write_once(path: Path, text: str) -> None:
    """Write whole and link into place, so that two first starts agree on one key and no reader meets half of it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # another start was first; its key is the one
    finally:
        os.unlink(draft)
