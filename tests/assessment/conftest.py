"""Fixtures that several modules of the list's tests share."""

from tests.assessment.notice_ground import post, reach_notice, start

__all__ = ["post", "reach_notice", "start"]
