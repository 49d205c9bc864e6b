"""A photo goes over a bad line small, with the time and place that the surveyor chose to keep (trust 13; issue 4.2)."""

import io
from random import Random

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
from PIL import Image

from assessment.models import LookPhoto
from core.uploads import store
from tests.browser.conftest import PHONE

pytestmark = pytest.mark.browser
ON_ITS_SIDE = 6


def _from_a_phone() -> bytes:
    """3000 x 2000 points of a noisy wall, lying on its side, taken on 2016-04-11 at 29.5 N."""
    noise = Image.frombytes("RGB", (375, 250), Random(7).randbytes(375 * 250 * 3)).resize((3000, 2000), Image.Resampling.BICUBIC)
    exif = Image.Exif()
    exif[0x0112] = ON_ITS_SIDE
    exif.get_ifd(0x8769)[0x9003] = "2016:04:11 09:30:00"
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", (29.0, 30.0, 0.0), "E", (109.0, 24.0, 0.0)
    written = io.BytesIO()
    noise.save(written, "JPEG", quality=95, exif=exif)
    return written.getvalue()


def test_a_cadre_s_photo_of_a_phone_goes_up_small_upright_and_with_its_time_and_place(visit, make_household, round_, settings, tmp_path):
    settings.EVIDENCE_DIR = tmp_path / "evidence"
    household, content = make_household(), _from_a_phone()
    page = visit("cadre", PHONE)
    page.goto(f"/households/{household.code}/photos/?round={round_.code}&look=A")
    page.locator("input[type=file]").set_input_files([{"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": content}])
    page.get_by_text("缩小到").wait_for()
    sent = page.locator("input[type=file]").evaluate("input => input.files[0].size")
    page.get_by_label("保留拍摄时间和地点").check()
    page.get_by_role("button", name="上传并保存").click()
    page.get_by_text("已保存").first.wait_for()
    photo = LookPhoto.objects.get()
    assert len(content) > 1_500_000 and sent < 600_000
    assert (photo.taken_at.isoformat()[:10], float(photo.latitude)) == ("2016-04-11", 29.5)
    with Image.open(io.BytesIO(store.fetch(photo.sha256))) as kept:
        assert kept.height > kept.width
