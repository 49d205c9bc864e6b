"""Gets the packages for manage.py: the active environment if it has them, else `.venv` made from the hash lock.

Standard library only, and loaded by path: on a bare machine nothing else is there yet (ruling 30).

- `.venv` is used only with a stamp (Python version + lock hashes) that fits; the stamp is written last, so a build
  that was cut short has none that fits, and is made again.
- Runtime and dev locks apart: `demo` never installs pytest; `test` adds the dev lock to what is there.
- A file lock lets the second of two starts wait for the first.
- `FUPIN_BOOTSTRAP=0` never calls pip; `--wheelhouse DIR` installs without a network.
"""

import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import time
import tomllib
from contextlib import contextmanager
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STAMP_NAME = "fupin-stamp.txt"
BUILDING = "building\n"
LOCK_POLL_SECONDS = 0.3
# Set for the restarted process only: inside .venv with a stamp that still does not fit would otherwise go in circles.
RESTARTED = "FUPIN_RESTARTED"
# A user's pip settings (mirror, proxy, certificate) are respected, but not those that install elsewhere than .venv.
DIVERTING_PIP_SETTINGS = ("PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_DRY_RUN")


class Refusal(Exception):
    """Cannot go on; the message tells the user what to do, in Chinese and English."""


def ensure_packages(argv, *, root=ROOT, environ=os.environ):
    """Return argv without `--wheelhouse` when the packages are here; else restart inside `.venv` (does not return)."""
    restarted = environ.pop(RESTARTED, None)
    try:
        words, wheelhouse = split_wheelhouse(argv)
        lock = "dev" if words[1:2] == ["test"] else "runtime"
        if active_environment_will_do(root, lock):
            return words
        if restarted:
            raise Refusal(
                f"{root / '.venv'} 中缺少依赖包：{'、'.join(missing_packages(root, lock))}。请删除该目录后重试。\n"
                "The packages in .venv are not complete: delete the directory and start again."
            )
        python = ready_python(root, lock, wheelhouse, may_install=environ.get("FUPIN_BOOTSTRAP") != "0")
    except Refusal as refusal:
        sys.exit(str(refusal))
    except KeyboardInterrupt:
        sys.exit(130)
    return restart(python, words, environ)


def split_wheelhouse(argv):
    """(argv without the option, the directory or None). After a bare `--` nothing is ours."""
    words, wheelhouse, rest = [], None, list(argv)
    while rest and rest[0] != "--":
        word = rest.pop(0)
        name, equals, value = word.partition("=")
        if name != "--wheelhouse":
            words.append(word)
            continue
        wheelhouse = Path(value if equals else rest.pop(0) if rest else "")
        if str(wheelhouse) == "." or not wheelhouse.is_dir():
            raise Refusal(
                f"--wheelhouse 后面要写存放安装包（.whl）的目录，找不到：{wheelhouse}\n"
                "--wheelhouse needs the directory that holds the wheels."
            )
    return words + rest, wheelhouse


# --- which environment -------------------------------------------------------------------------------------------


def active_environment_will_do(root, lock):
    """The running interpreter has every direct package; our own .venv must not carry a stamp that does not fit."""
    if Path(sys.prefix).resolve() == (root / ".venv").resolve():
        stamp = read_stamp(root)
        if stamp and stamp not in fitting_stamps(root, lock):
            return False
    return not missing_packages(root, lock)


def missing_packages(root, lock):
    """Direct requirements of pyproject.toml that the running interpreter does not satisfy."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    requirements = list(project["project"]["dependencies"])
    if lock == "dev":
        requirements += project["dependency-groups"]["dev"]
    return [requirement for requirement in requirements if not is_satisfied(requirement)]


def is_satisfied(requirement):
    """Whether an installed version fits `name[extra]>=1,<2; marker`. The only marker in use excludes Windows."""
    wanted, _, marker = requirement.partition(";")
    if "!= 'win32'" in marker and sys.platform == "win32":
        return True
    name, bounds = re.fullmatch(r"\s*([\w.-]+)(?:\[[^]]*\])?\s*(.*?)\s*", wanted).groups()
    try:
        version = metadata.version(name)
    except metadata.PackageNotFoundError:
        return False
    return all(within(version, bound.strip()) for bound in bounds.split(",") if bound.strip())


def within(version, bound):
    """One bound, `>=` or `<`, on the release numbers (5.2.19 < 5.3)."""
    operator, limit = re.fullmatch(r"(>=|<)\s*(.+)", bound).groups()
    have, want = release(version), release(limit)
    return have >= want if operator == ">=" else have < want


def release(version):
    numbers = [int(number) for number in re.match(r"\d+(?:\.\d+)*", version).group().split(".")]
    return tuple(numbers + [0] * (6 - len(numbers)))


# --- the stamp ---------------------------------------------------------------------------------------------------


def stamp_for(root, lock):
    """What `.venv` was made from: interpreter, then one line per lock that was installed."""
    lines = [f"python {platform.python_version()} {sys.implementation.cache_tag} {sys.platform} {platform.machine()}"]
    for name in ("runtime", "dev")[: 2 if lock == "dev" else 1]:
        digest = hashlib.sha256((root / "requirements" / f"{name}.txt").read_bytes()).hexdigest()
        lines.append(f"{name} {digest}")
    return "\n".join(lines) + "\n"


def fitting_stamps(root, lock):
    """dev holds all of runtime at the same versions, so a dev stamp serves both."""
    return {stamp_for(root, name) for name in ("runtime", "dev") if lock == "runtime" or name == "dev"}


def read_stamp(root):
    try:
        return (root / ".venv" / STAMP_NAME).read_text(encoding="utf-8")
    except OSError:
        return None


def write_stamp(root, text):
    """Whole or not at all: a torn stamp could not fit, but a half-written one should not be seen by a reader."""
    stamp = root / ".venv" / STAMP_NAME
    temporary = stamp.with_suffix(".tmp")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(stamp)


# --- making .venv ------------------------------------------------------------------------------------------------


def venv_python(root):
    return root / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def is_ready(root, lock):
    # exists() follows the link: a .venv whose base interpreter was removed is not ready.
    return read_stamp(root) in fitting_stamps(root, lock) and venv_python(root).exists()


def ready_python(root, lock, wheelhouse, *, may_install=True):
    """The interpreter of a `.venv` whose stamp fits, made now if need be and allowed."""
    if is_ready(root, lock):
        return venv_python(root)
    if not may_install:
        missing = "、".join(requirement.split(";")[0] for requirement in missing_packages(root, lock))
        raise Refusal(
            f"FUPIN_BOOTSTRAP=0，不自动安装；当前 Python（{sys.executable}）缺少：{missing}\n"
            f"FUPIN_BOOTSTRAP=0 forbids installing. Run: pip install --require-hashes -r requirements/{lock}.txt"
        )
    refuse_without_venv()
    try:
        with exclusive(root / ".venv.lock"):
            if not is_ready(root, lock):  # the start that held the lock may have made it
                build(root, lock, wheelhouse)
    except OSError as error:
        raise Refusal(
            f"无法建立 {root / '.venv'}：{error}\n.venv could not be made; is the directory writable, the disk full?"
        ) from error
    return venv_python(root)


def refuse_without_venv():
    if find_spec("venv") and find_spec("ensurepip"):
        return
    package = f"python3.{sys.version_info.minor}-venv"
    raise Refusal(
        f"这台机器的 Python（{sys.executable}）缺少 venv/ensurepip，无法建立运行环境。\n"
        f"Debian/Ubuntu 请先执行：sudo apt install {package}\n"
        f"This Python lacks venv/ensurepip. On Debian and Ubuntu: sudo apt install {package}"
    )


def build(root, lock, wheelhouse):
    """Make `.venv`, or add the dev lock to a fitting runtime one; the fitting stamp comes last."""
    started = time.monotonic()
    if not (lock == "dev" and is_ready(root, "runtime")):
        say(f"正在建立运行环境 .venv（Python {platform.python_version()}）… / making .venv")
        remove_venv(root)
        # Not sys.executable: inside a .venv whose lock has changed that one has just been removed.
        base = getattr(sys, "_base_executable", None) or sys.executable
        run([base, "-m", "venv", str(root / ".venv")], "无法建立 .venv / python -m venv failed")
    write_stamp(root, BUILDING)
    say(f"正在安装依赖包（requirements/{lock}.txt，首次约半分钟）… / installing packages")
    run(
        pip_command(root, lock, wheelhouse),
        "安装依赖包失败。没有网络时：--wheelhouse 目录（须用同一 Python 版本下载）；网络慢时先设置 pip 镜像。\n"
        "Installing failed. Without a network use --wheelhouse DIR, filled by `pip download -d DIR --only-binary :all: "
        f"-r requirements/{lock}.txt` under the same Python version.",
    )
    write_stamp(root, stamp_for(root, lock))
    say(f"依赖包已就绪，用时 {time.monotonic() - started:.0f} 秒 / packages ready")


def remove_venv(root):
    venv = root / ".venv"
    if venv.is_symlink():
        venv.unlink()
    elif venv.exists():
        shutil.rmtree(venv)


def pip_command(root, lock, wheelhouse):
    command = [str(venv_python(root)), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    command += ["--require-hashes", "--only-binary", ":all:"]
    if wheelhouse:
        command += ["--no-index", "--find-links", str(wheelhouse)]
    return [*command, "-r", str(root / "requirements" / f"{lock}.txt")]


def run(command, failure):
    """One step as a child; its own errors go to the terminal, ours says what to do."""
    environ = {name: value for name, value in os.environ.items() if name not in DIVERTING_PIP_SETTINGS}
    environ.pop("PYTHONHOME", None)
    finished = subprocess.run(command, env=environ, stdout=sys.stderr, close_fds=False, check=False)
    if finished.returncode != 0:
        raise Refusal(failure)


# --- one at a time, and the restart ------------------------------------------------------------------------------


@contextmanager
def exclusive(path):
    """Hold the file lock; the system frees it when this process and the pip it started have ended, however they end."""
    with open(path, "a+", encoding="utf-8") as handle:
        waiting = False
        while not try_lock(handle):
            if not waiting:
                say("另一个启动正在安装依赖包，等待它完成… / waiting for another start that is installing")
                waiting = True
            time.sleep(LOCK_POLL_SECONDS)
        # The child holds the lock too: killed alone, this process leaves a pip that still writes into .venv.
        os.set_inheritable(handle.fileno(), True)
        yield


def try_lock(handle):
    try:
        if os.name == "nt":
            import msvcrt

            handle.seek(0)
            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def restart(python, words, environ):
    """Become the same command under the other interpreter (POSIX), or run it as a child and pass its status on."""
    environ = {**environ, RESTARTED: "1", "VIRTUAL_ENV": str(python.parents[1])}
    environ.pop("PYTHONHOME", None)
    environ.pop("__PYVENV_LAUNCHER__", None)
    command = [str(python), *words]
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name == "nt":
        sys.exit(subprocess.run(command, env=environ, check=False).returncode)
    os.execve(command[0], command, environ)


def say(text):
    print(text, file=sys.stderr, flush=True)
