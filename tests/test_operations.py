"""What an operator copies, starts or publishes: settings list, Compose file, scripts."""

import ast
import os
import re
import subprocess
import tomllib

import pytest
import yaml
from django.conf import settings

from fupin.env import BASE_DIR

SETTING_READERS = {"str", "int", "bool", "list", "db"}


def example_names():
    text = (BASE_DIR / ".env.example").read_text(encoding="utf-8")
    return set(re.findall(r"^(?:# )?([A-Z][A-Z_]+)=", text, flags=re.MULTILINE))


def settings_read_by(path):
    """Names given to env.str("…") and the like, and to secret("…")."""
    for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(call, ast.Call) or not call.args or not isinstance(call.args[0], ast.Constant):
            continue
        reader = call.func
        from_env = isinstance(reader, ast.Attribute) and reader.attr in SETTING_READERS
        if from_env and isinstance(reader.value, ast.Name) and reader.value.id == "env":
            yield call.args[0].value
        elif isinstance(reader, ast.Name) and reader.id == "secret":
            yield call.args[0].value


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((BASE_DIR / "docker-compose.yml").read_text(encoding="utf-8"))


def test_the_running_version_is_the_projects():
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert settings.VERSION == project["version"]


def test_an_operator_finds_every_setting_in_the_example():
    read = {name for file in ("settings.py", "env.py") for name in settings_read_by(BASE_DIR / "fupin" / file)}
    assert "DATABASE_URL" in read
    assert read - example_names() == set()


def test_an_operator_finds_every_word_that_compose_fills_in_in_the_example():
    text = (BASE_DIR / "docker-compose.yml").read_text(encoding="utf-8")
    assert set(re.findall(r"\$\{([A-Z_]+)", text)) - example_names() == set()


def test_only_web_is_published_and_only_on_loopback(compose):
    ports = {name: service["ports"] for name, service in compose["services"].items() if "ports" in service}
    assert ports == {"web": ["${WEB_BIND:-127.0.0.1}:${WEB_PORT:-8000}:8000"]}


def test_only_the_migration_holds_the_owners_password(compose):
    holders = {name for name, service in compose["services"].items() if "DB_OWNER_PASSWORD" in str(service)}
    assert holders == {"db", "migrate"}


def test_web_worker_and_beat_wait_for_the_migration(compose):
    for name in ("web", "worker", "beat"):
        assert compose["services"][name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"


def test_no_secret_has_a_value_in_the_example():
    text = (BASE_DIR / ".env.example").read_text(encoding="utf-8")
    filled = re.findall(r"^(?:# )?(\w*(?:KEY|PASSWORD|TOKEN)\w*)=(.+)$", text, flags=re.MULTILINE)
    assert filled == []


@pytest.mark.parametrize("script", [".ci/run", "docker/initdb/10-roles.sh", "requirements/compile"])
def test_the_shell_scripts_parse_and_may_be_started(script):
    path = BASE_DIR / script
    assert os.access(path, os.X_OK)
    checked = subprocess.run(["bash", "-n", str(path)], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")
