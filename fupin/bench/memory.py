"""Benchmarks that need no database: scoring and sealing."""

import os
import secrets
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from random import Random

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from assessment.rubric import Rubric, load_default
from assessment.scoring import fast_scorer
from core.crypto import encrypt_many
from fupin.bench.measure import Measured, ratio
from fupin.bench.scratch import random_answers

FORMS, TEXTS = 20_000, 5_000


def score(size: int) -> Iterator[Measured]:
    """fast_scorer against a function written out for this one rubric."""
    rubric, random = load_default(), Random(1)  # noqa: S311
    forms = [random_answers(rubric, random) for _ in range(FORMS)]
    ours, limit = fast_scorer(rubric), _generated(rubric)
    assert [ours(form)[0] for form in forms] == [limit(form)[0] for form in forms]
    found = ratio(lambda: [ours(form) for form in forms], lambda: [limit(form) for form in forms])
    yield Measured("score", f"评分函数 ÷ 为该表生成的整数函数（{FORMS:,} 张表）", found, "≤ 2")


def _generated(rubric: Rubric):
    """Source code of straight additions: what the rubric would be if it were no data."""
    tables = [{str(option.ordinal): option.points for option in item.options} for item in rubric.indicators]
    names, place, looks = {f"t{number}": table for number, table in enumerate(tables)}, 0, []
    for look in rubric.looks:
        looks.append(" + ".join(f"t{place + n}[a[{place + n}]]" for n in range(len(look.indicators))))
        place += len(look.indicators)
    parts = [f"l{number}" for number in range(len(looks))]
    lines = [f"    {part} = {sum_}" for part, sum_ in zip(parts, looks, strict=True)]
    body = "\n".join(["def f(a):", *lines, f"    s = {' + '.join(parts)}", f"    return s, ({', '.join(parts)},), tiers[s]"])
    tiers = [next(tier for tier in rubric.tiers if points <= tier.max) for points in range(101)]
    space = {**names, "tiers": tiers}
    exec(body, space)  # noqa: S102 - the text is made two lines above from numbers
    return space["f"]


def crypto(size: int) -> Iterator[Measured]:
    """encrypt_many against the bare cipher with the same additional data and the same encoding."""
    texts = [(f"522399{number:012d}", uuid.uuid4()) for number in range(TEXTS)]
    box = AESGCM(secrets.token_bytes(32))

    def limit() -> list[str]:
        made = []
        for text, row in texts:
            nonce = os.urandom(12)
            made.append(urlsafe_b64encode(nonce + box.encrypt(nonce, text.encode(), f"t|f|{row}".encode())).decode())
        return made

    found = ratio(lambda: encrypt_many(texts, "t", "f"), limit)
    yield Measured("crypto", f"批量加密 ÷ 只用 AES-GCM（{TEXTS:,} 项）", found)
