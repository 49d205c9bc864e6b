"""REST, `/api/v1/`: one router line a resource; each app owns its views."""

from django.urls import path

urlpatterns: list = []
