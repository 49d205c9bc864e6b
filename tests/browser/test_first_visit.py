"""What a first visit over a thin line costs."""

import gzip

import pytest

pytestmark = pytest.mark.browser
MOST_BYTES = 150_000


def test_the_first_visit_of_a_county_officer_weighs_at_most_150_kb_compressed(visit, round_, watch):
    """Log-in page and work list with all that they load; each body counted as gzip sends it."""
    weights: dict[str, int] = {}
    bodies = []
    page = visit()
    page.on("response", lambda answer: bodies.append(answer))
    page.goto("/login/")
    home = visit("county")
    home.on("response", lambda answer: bodies.append(answer))
    home.goto("/")
    home.wait_for_load_state("networkidle")
    for answer in bodies:
        weights.setdefault(answer.url, len(gzip.compress(answer.body())))
    assert any(url.endswith(".css") for url in weights)
    assert sum(weights.values()) <= MOST_BYTES, weights
