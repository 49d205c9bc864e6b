"""Reads the environment once (12-factor) and names what is missing; `.env.example` lists every variable."""

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
        demo_file.parent.mkdir(parents=True, exist_ok=True)
        demo_file.touch(mode=0o600)
        demo_file.write_text(make(), encoding="utf-8")
    return demo_file.read_text(encoding="utf-8").strip()
