"""The start on a bare machine (ruling 30). Nothing here calls pip: subprocesses are recorded, not run."""

import subprocess
import sys
import threading
import tomllib
from importlib.util import find_spec
from types import SimpleNamespace

import pytest

from fupin import bootstrap

PYPROJECT = """
[project]
dependencies = [{runtime}]
[dependency-groups]
dev = [{dev}]
"""


@pytest.fixture
def project(tmp_path):
    """A project root that asks for one package nobody has."""
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "runtime.txt").write_text("django==5.2.19\n")
    (tmp_path / "requirements" / "dev.txt").write_text("django==5.2.19\npytest==9.2.0\n")
    ask_for(tmp_path, runtime="'no-such-package>=1'")
    return tmp_path


def ask_for(root, *, runtime="", dev=""):
    (root / "pyproject.toml").write_text(PYPROJECT.format(runtime=runtime, dev=dev))


@pytest.fixture
def commands(monkeypatch):
    """Child processes that would have been started; each one 'succeeds' and leaves what a real one would."""
    started = []

    def record(command, **_):
        started.append(command)
        if command[1:3] == ["-m", "venv"]:
            make_venv(bootstrap.Path(command[3]).parent)
        return SimpleNamespace(returncode=0)

    monkeypatch.setattr(bootstrap.subprocess, "run", record)
    return started


@pytest.fixture
def restarts(monkeypatch):
    seen = []
    monkeypatch.setattr(bootstrap, "restart", lambda python, words, environ: seen.append((python, words)))
    return seen


def make_venv(root, stamp=None):
    python = bootstrap.venv_python(root)
    python.parent.mkdir(parents=True, exist_ok=True)
    python.touch()
    if stamp:
        bootstrap.write_stamp(root, stamp)


def pip_calls(commands):
    return [command for command in commands if command[1:3] == ["-m", "pip"]]


def start(root, *words, **environ):
    return bootstrap.ensure_packages(["manage.py", *words], root=root, environ=environ)


# --- the active environment --------------------------------------------------------------------------------------


def test_an_active_environment_with_the_packages_is_used_as_it_is(project, commands, restarts):
    ask_for(project, runtime="'django>=5.2,<5.3', 'celery[redis]>=5'")
    assert start(project, "demo", "--port", "8001") == ["manage.py", "demo", "--port", "8001"]
    assert (commands, restarts, (project / ".venv").exists()) == ([], [], False)


def test_an_active_environment_with_an_older_django_is_not_used(project):
    ask_for(project, runtime="'django>=99'")
    assert not bootstrap.active_environment_will_do(project, "runtime")


def test_the_test_command_also_asks_for_the_dev_packages(project):
    ask_for(project, runtime="'django>=5.2'", dev="'no-such-test-tool>=1'")
    assert bootstrap.active_environment_will_do(project, "runtime")
    assert bootstrap.missing_packages(project, "dev") == ["no-such-test-tool>=1"]


@pytest.mark.parametrize(
    ("version", "bound", "fits"),
    [
        ("5.2.19", ">=5.2.19", True),
        ("5.2.9", ">=5.2.19", False),
        ("5.10", ">=5.2", True),
        ("5.3", "<5.3", False),
        ("5.2.20", "<5.3", True),
        ("2.9.0.post0", ">=2.9", True),
        ("6", "<6.0", False),
    ],
)
def test_versions_are_compared_as_numbers(version, bound, fits):
    assert bootstrap.within(version, bound) is fits


def test_a_package_not_meant_for_windows_is_not_missed_there(monkeypatch):
    requirement = "no-such-server>=25; sys_platform != 'win32'"
    assert not bootstrap.is_satisfied(requirement)
    monkeypatch.setattr(bootstrap.sys, "platform", "win32")
    assert bootstrap.is_satisfied(requirement)


# --- the stamp ---------------------------------------------------------------------------------------------------


def test_a_venv_without_a_stamp_is_not_ready(project):
    make_venv(project)
    assert not bootstrap.is_ready(project, "runtime")


def test_a_venv_with_a_fitting_stamp_is_started_without_pip(project, commands, restarts):
    make_venv(project, bootstrap.stamp_for(project, "runtime"))
    start(project, "demo")
    assert commands == []
    assert restarts == [(bootstrap.venv_python(project), ["manage.py", "demo"])]


def test_a_changed_lock_makes_the_stamp_unfit(project):
    make_venv(project, bootstrap.stamp_for(project, "runtime"))
    (project / "requirements" / "runtime.txt").write_text("django==5.2.20\n")
    assert not bootstrap.is_ready(project, "runtime")


def test_another_python_version_makes_the_stamp_unfit(project, monkeypatch):
    make_venv(project, bootstrap.stamp_for(project, "runtime"))
    monkeypatch.setattr(bootstrap.platform, "python_version", lambda: "3.12.99")
    assert not bootstrap.is_ready(project, "runtime")


def test_a_dev_stamp_serves_the_demo_but_a_runtime_stamp_does_not_serve_the_tests(project):
    make_venv(project, bootstrap.stamp_for(project, "dev"))
    assert bootstrap.is_ready(project, "runtime")
    bootstrap.write_stamp(project, bootstrap.stamp_for(project, "runtime"))
    assert not bootstrap.is_ready(project, "dev")


def test_a_build_cut_short_leaves_no_fitting_stamp_and_is_made_again(project, commands, monkeypatch):
    class Killed(BaseException):
        pass

    def killed(*_):
        raise Killed

    monkeypatch.setattr(bootstrap, "pip_command", killed)
    with pytest.raises(Killed):
        bootstrap.ready_python(project, "runtime", None)
    assert bootstrap.read_stamp(project) == bootstrap.BUILDING
    monkeypatch.undo()
    assert not bootstrap.is_ready(project, "runtime")


def test_a_venv_whose_base_python_was_removed_is_not_ready(project):
    make_venv(project, bootstrap.stamp_for(project, "runtime"))
    python = bootstrap.venv_python(project)
    python.unlink()
    python.symlink_to(project / "removed-python")
    assert not bootstrap.is_ready(project, "runtime")


# --- building ----------------------------------------------------------------------------------------------------


def test_a_bare_start_makes_the_venv_installs_by_hash_and_stamps_it_last(project, commands, restarts):
    start(project, "demo")
    assert [command[1:3] for command in commands] == [["-m", "venv"], ["-m", "pip"]]
    assert "--require-hashes" in commands[1]
    assert commands[1][-1].endswith("runtime.txt")
    assert bootstrap.read_stamp(project) == bootstrap.stamp_for(project, "runtime")
    assert len(restarts) == 1


def test_the_test_command_adds_the_dev_lock_to_a_fitting_runtime_venv(project, commands, restarts):
    make_venv(project, bootstrap.stamp_for(project, "runtime"))
    start(project, "test")
    assert [command[1:3] for command in commands] == [["-m", "pip"]]
    assert commands[0][-1].endswith("dev.txt")


def test_an_old_venv_is_removed_before_it_is_made_again(project, commands, restarts):
    make_venv(project, "python 3.11.0 of long ago\n")
    (project / ".venv" / "left-over").touch()
    start(project, "demo")
    assert not (project / ".venv" / "left-over").exists()


def test_a_failed_installation_is_refused_and_leaves_the_venv_unfit(project, commands, monkeypatch):
    def fails_at_pip(command, **_):
        make_venv(project)
        return SimpleNamespace(returncode=int("pip" in command))

    monkeypatch.setattr(bootstrap.subprocess, "run", fails_at_pip)
    with pytest.raises(SystemExit) as stop:
        start(project, "demo")
    assert "安装依赖包失败" in stop.value.code
    assert "--wheelhouse" in stop.value.code
    assert not bootstrap.is_ready(project, "runtime")


def test_a_users_mirror_is_kept_but_a_diverting_pip_setting_is_not(monkeypatch):
    given = {}
    monkeypatch.setenv("PIP_INDEX_URL", "file:///mirror/simple")
    monkeypatch.setenv("PIP_TARGET", "/somewhere/else")
    monkeypatch.setattr(
        bootstrap.subprocess, "run", lambda _, *, env, **__: given.update(env) or SimpleNamespace(returncode=0)
    )
    bootstrap.run(["pip"], "failed")
    assert given["PIP_INDEX_URL"] == "file:///mirror/simple"
    assert "PIP_TARGET" not in given


# --- FUPIN_BOOTSTRAP=0 and --wheelhouse --------------------------------------------------------------------------


def test_bootstrap_0_never_calls_pip_and_names_what_is_missing(project, commands):
    with pytest.raises(SystemExit) as stop:
        start(project, "demo", FUPIN_BOOTSTRAP="0")
    assert commands == []
    assert "no-such-package" in stop.value.code
    assert not (project / ".venv").exists()


def test_bootstrap_0_still_uses_a_venv_that_is_ready(project, commands, restarts):
    make_venv(project, bootstrap.stamp_for(project, "runtime"))
    start(project, "demo", FUPIN_BOOTSTRAP="0")
    assert (commands, len(restarts)) == ([], 1)


def test_bootstrap_0_does_not_bring_an_old_venv_up_to_date(project, commands):
    make_venv(project, "python 3.11.0 of long ago\n")
    with pytest.raises(SystemExit):
        start(project, "demo", FUPIN_BOOTSTRAP="0")
    assert commands == []
    assert bootstrap.venv_python(project).exists()


@pytest.mark.parametrize("words", [["--wheelhouse", "{}"], ["--wheelhouse={}"]])
def test_a_wheelhouse_installs_without_any_index(project, commands, restarts, words):
    wheels = project / "wheels"
    wheels.mkdir()
    start(project, "demo", *[word.format(wheels) for word in words], "--port", "8001")
    command = pip_calls(commands)[0]
    assert "--no-index" in command
    assert command[command.index("--find-links") + 1] == str(wheels)
    assert restarts[0][1] == ["manage.py", "demo", "--port", "8001"]


def test_a_wheelhouse_that_is_not_there_is_refused(project, commands):
    for words in (["--wheelhouse", str(project / "none")], ["--wheelhouse"]):
        with pytest.raises(SystemExit, match="--wheelhouse"):
            start(project, "demo", *words)
    assert commands == []


def test_words_after_a_bare_double_dash_are_left_alone():
    words = ["manage.py", "test", "--", "--wheelhouse", "x"]
    assert bootstrap.split_wheelhouse(words) == (words, None)


# --- refusals and circles ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("absent", ["venv", "ensurepip"])
def test_a_python_without_venv_is_told_which_debian_package_to_install(project, commands, monkeypatch, absent):
    monkeypatch.setattr(bootstrap, "find_spec", lambda name: None if name == absent else find_spec(name))
    with pytest.raises(SystemExit) as stop:
        start(project, "demo")
    assert f"apt install python3.{sys.version_info.minor}-venv" in stop.value.code
    assert "缺少" in stop.value.code
    assert "lacks" in stop.value.code
    assert commands == []


def test_a_restarted_process_that_still_lacks_packages_stops_instead_of_going_in_circles(project, commands, restarts):
    with pytest.raises(SystemExit, match="no-such-package"):
        start(project, "demo", **{bootstrap.RESTARTED: "1"})
    assert (commands, restarts) == ([], [])


def test_the_restart_runs_the_same_words_under_the_venv(project, monkeypatch):
    calls = []
    monkeypatch.setattr(bootstrap.os, "execve", lambda *call: calls.append(call))
    python = bootstrap.venv_python(project)
    bootstrap.restart(python, ["manage.py", "demo"], {"PATH": "/bin", "PYTHONHOME": "/elsewhere"})
    path, words, environ = calls[0]
    assert (path, words) == (str(python), [str(python), "manage.py", "demo"])
    assert environ == {"PATH": "/bin", bootstrap.RESTARTED: "1", "VIRTUAL_ENV": str(project / ".venv")}


# --- the file lock -----------------------------------------------------------------------------------------------


def test_the_second_start_waits_for_the_first_and_finds_the_venv_made(project, commands, monkeypatch, capsys):
    monkeypatch.setattr(bootstrap, "LOCK_POLL_SECONDS", 0.01)
    with bootstrap.exclusive(project / ".venv.lock"):
        second = threading.Thread(target=bootstrap.ready_python, args=(project, "runtime", None))
        second.start()
        second.join(0.2)
        assert second.is_alive()
        make_venv(project, bootstrap.stamp_for(project, "runtime"))
    second.join(5)
    assert not second.is_alive()
    assert commands == []
    assert "等待" in capsys.readouterr().err


def test_a_pip_that_outlives_its_killed_parent_still_holds_the_lock(project, monkeypatch):
    children = []
    real_popen = subprocess.Popen

    def leave_running(command, **options):
        children.append(real_popen(command, **{name: options[name] for name in ("env", "close_fds")}))
        return SimpleNamespace(returncode=0)

    monkeypatch.setattr(bootstrap.subprocess, "run", leave_running)
    with bootstrap.exclusive(project / ".venv.lock"):
        bootstrap.run([sys.executable, "-c", "import time; time.sleep(60)"], "failed")
    try:
        with open(project / ".venv.lock", "a") as handle:
            assert not bootstrap.try_lock(handle)
            children[0].kill()
            children[0].wait()
            assert bootstrap.try_lock(handle)
    finally:
        children[0].kill()
        children[0].wait()


def test_the_lock_is_free_again_after_its_holder_was_killed(project):
    lock = project / ".venv.lock"
    code = (
        "import fcntl, sys, time; handle = open(sys.argv[1], 'a'); fcntl.flock(handle, fcntl.LOCK_EX); "
        "print('held', flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen([sys.executable, "-c", code, str(lock)], stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout.readline() == "held\n"
        with open(lock, "a") as handle:
            assert not bootstrap.try_lock(handle)
    finally:
        holder.kill()
        holder.communicate()
    with open(lock, "a") as handle:
        assert bootstrap.try_lock(handle)


# --- the project's own locks -------------------------------------------------------------------------------------


def pins(name):
    lines = (bootstrap.ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return {line.rstrip(" \\") for line in lines if line[:1].isalnum()}


def test_the_dev_lock_holds_every_runtime_pin_at_the_same_version():
    assert pins("runtime") - pins("dev") == set()


def test_every_direct_dependency_is_pinned_within_its_bounds():
    project = tomllib.loads((bootstrap.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    pinned = dict(pin.split(" ;")[0].split("==") for pin in pins("dev"))
    for requirement in project["project"]["dependencies"] + project["dependency-groups"]["dev"]:
        name, bounds = bootstrap.re.match(r"([\w.-]+)(?:\[\w+\])?([^;]*)", requirement).groups()
        assert all(bootstrap.within(pinned[name], bound) for bound in bounds.split(",")), requirement


def test_the_locks_carry_hashes_and_no_address():
    for name in ("runtime", "dev"):
        text = (bootstrap.ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
        assert "://" not in text
        assert "--index" not in text
        entries = text.replace("\\\n", " ").splitlines()
        assert all("--hash=sha256:" in entry for entry in entries if entry[:1].isalnum())
