#!/usr/bin/env python3
"""Retakes docs/screenshots/*.png: starts a demo of its own in a temporary directory, logs in, and photographs the pages below at two widths.

    .venv/bin/python scripts/screenshots.py [--only home,survey] [--out DIR]

Needs the dev packages (`python3 manage.py test` installs them) and Chromium. Fails on a page that answers 400 or more, on a request
that leaves the machine, and on a page wider than the screen, so it is a check as well.
"""

import argparse
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WIDTHS = {390: 844, 1280: 800}
START_SECONDS = 600
FLAGS = ["--lang=zh-CN", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
HOUSEHOLD = "/households/4228271022000010/"
# name → (account, address). "PAGE → CSS" means: open that page and follow the first such link.
PAGES = {
    "home": ("cadre", "/"),
    "household": ("cadre", HOUSEHOLD),
    "survey": ("cadre", "/ → a[href$='/survey/']"),
    "tables": ("township", "/tables/township/?round=2016-SB&area=422827102"),
    "import": ("township", "/imports/new/"),
    "board": ("county", "/rounds/2016-SB/"),
    "list": ("cadre", "/rounds/2016-SB/villages/422827102200/"),
    "desk": ("township", "/ → main a[href^='/sittings/']:has-text('继续')"),
    "notice": ("township", "/notices/ → main a[href^='/notices/'][href$='/']:has-text('社潭溪村')"),
    "sections": ("cadre", "/households/4228271022000004/edit/?section=house"),
    "today": ("cadre", "/doubts/today/"),
    "family": ("cadre", "/households/4228271022000018/family/"),
    "income": ("cadre", "/households/4228271022000004/income/"),
    "papers": ("cadre", "/households/4228271022000010/papers/"),
    "exclusions": ("cadre", "/households/4228271022000013/exclusions/"),
    "dashboard": ("county", "/dashboard/"),
    "map": ("county", "/map/"),
    "wallchart": ("township", "/wallchart/"),
    "rubric": ("county", "/rubrics/LKF-DEFAULT-1/"),
}


def main() -> None:
    parser = argparse.ArgumentParser(description="Retake the screenshots of the README.")
    parser.add_argument("--only", default=",".join(PAGES), help="names, comma-separated")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "screenshots")
    options = parser.parse_args()
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        sys.exit("Playwright is missing: run `python3 manage.py test` once, then .venv/bin/python scripts/screenshots.py")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("No Chromium found: apt install chromium fonts-noto-cjk")
    options.out.mkdir(parents=True, exist_ok=True)
    with running_demo() as (base, password), sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=FLAGS)
        faults = [fault for name in options.only.split(",") for fault in photograph(browser, base, password, name, options.out)]
        browser.close()
    if faults:
        sys.exit("\n".join(faults))


@contextmanager
def running_demo():
    """(address, password) of a demo with its own data; ended and removed afterwards."""
    port, password = free_port(), secrets.token_urlsafe(12)
    with tempfile.TemporaryDirectory(prefix="fupin-screenshots-") as folder:
        environ = os.environ | {"VAR_DIR": folder, "FUPIN_DEMO_PASSWORD": password, "FUPIN_PROFILE": "demo"}
        for name in ("DATABASE_URL", "REDIS_URL"):
            environ.pop(name, None)
        command = [sys.executable, str(ROOT / "manage.py"), "demo", "--port", str(port)]
        demo = subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL)
        try:
            base = f"http://127.0.0.1:{port}"
            wait_until_ready(base, demo)
            yield base, password
        finally:
            demo.terminate()
            try:
                demo.wait(20)
            except subprocess.TimeoutExpired:
                demo.kill()
                demo.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_ready(base: str, demo: subprocess.Popen) -> None:
    for _ in range(START_SECONDS * 2):
        if demo.poll() is not None:
            sys.exit(f"the demo ended with status {demo.returncode}")
        try:
            with urllib.request.urlopen(f"{base}/healthz", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    sys.exit("the demo did not get ready")


def photograph(browser, base: str, password: str, name: str, out: Path) -> list[str]:
    """Pictures of one page at both widths; the faults that were seen."""
    login, address = PAGES[name]
    faults = []
    for width, height in WIDTHS.items():
        context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN", timezone_id="Asia/Shanghai")
        page = context.new_page()
        page.on("request", lambda request: None if request.url.startswith((base, "data:")) else faults.append(f"{name}: {request.url}"))
        page.goto(f"{base}/login/")
        page.fill("#id_username", login)
        page.fill("#id_password", password)
        page.click("main button")
        page.wait_for_load_state("networkidle")
        answer = page.goto(base + found_address(page, base, address))
        page.wait_for_load_state("networkidle")
        if answer.status >= 400:
            faults.append(f"{name} at {width} px: {address} answers {answer.status}")
        wider = page.evaluate("document.documentElement.scrollWidth") - width
        if wider > 0:
            faults.append(f"{name} at {width} px is {wider} px too wide")
        page.screenshot(path=out / f"{name}-{width}.png")
        context.close()
        print(f"{name}-{width}.png")
    return faults


def found_address(page, base: str, address: str) -> str:
    """An address, or the first link of that kind on the page before the arrow."""
    start, arrow, link = address.partition(" → ")
    if not arrow:
        return address
    page.goto(base + start)
    return page.locator(link).first.get_attribute("href")


if __name__ == "__main__":
    main()
