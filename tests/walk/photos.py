"""Photos of the looks: pages, files, taking away."""

from django.utils import timezone

from tests.walk.rows import CODE, GET, IN_AREA, OUTSIDE, POST, VILLAGE, Row

PHOTO = "00000000-0000-4000-8000-0000000000d1"
SEEN_BY = IN_AREA - {"viewer"}

ROWS = [
    Row("household_photos", GET, IN_AREA, hidden=OUTSIDE, args=(CODE,), query="?look=A"),
    Row("household_photos", POST, VILLAGE, 400, hidden=OUTSIDE, args=(CODE,), query="?look=A"),
    Row("household_photo", GET, SEEN_BY, hidden=OUTSIDE, args=(CODE, PHOTO)),
    Row("photo_remove", POST, VILLAGE, 400, hidden=OUTSIDE, args=(CODE, PHOTO), body={"reason": ""}),
    Row("photo_file", GET, SEEN_BY, hidden=OUTSIDE, args=(CODE, PHOTO)),
    Row("photo_thumb", GET, SEEN_BY, hidden=OUTSIDE, args=(CODE, PHOTO)),
]


def furnish(world) -> None:
    """A photo of the house, files included."""
    from assessment.models import LookPhoto
    from core.uploads import pictures, store
    from tests.core.scan_files import photo

    picture, home = pictures.picture_of(photo((64, 48))), world.household
    with store.kept(picture.content), store.kept(picture.thumb):
        LookPhoto.objects.create(
            uuid=PHOTO, round=world.round, household=home, county=home.county, township=home.township, village=home.village, look="A",
            sha256=store.digest_of(picture.content), thumb_sha256=store.digest_of(picture.thumb), media_type=picture.media_type,
            size=len(picture.content), width=64, height=48, by=world.cast.cadre, at=timezone.now(),
        )  # fmt: skip
