"""Drafts of forms: everybody's own."""

from tests.walk.rows import EVERYBODY, POST, Row

ROWS = [
    Row("draft_save", POST, EVERYBODY, 400, body={"draft-kind": "none"}),
    Row("draft_discard", POST, EVERYBODY, 302, body={"draft-kind": "none", "draft-subject": "none"}),
]
