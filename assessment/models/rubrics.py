"""评估表版本: the rubric as a stored, immutable document (rulings 4 and 12)."""

import json
from functools import lru_cache

from django.db import models

from assessment.rubric import Rubric, parse_rubric


@lru_cache(maxsize=16)
def _parsed(document: str) -> Rubric:
    return parse_rubric(json.loads(document))


class RubricStatus(models.TextChoices):
    DRAFT = "draft", "草稿"
    PUBLISHED = "published", "已发布"
    RETIRED = "retired", "已停用"


class RubricVersion(models.Model):
    """评估表版本: `document` is the canonical JSON of `assessment.rubric.Rubric`; published = immutable in the database too."""

    code = models.CharField("版本号", max_length=32, unique=True)
    name = models.CharField("名称", max_length=64)
    status = models.CharField(max_length=10, choices=RubricStatus.choices, default=RubricStatus.DRAFT)
    document = models.TextField()
    digest = models.CharField("校验码", max_length=64)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["code"]
        verbose_name = "评估表"

    @property
    def value(self) -> Rubric:
        """The rubric as a value; parsed once per document."""
        return _parsed(self.document)
