from django.urls import path

from assessment import views_photos as views

urlpatterns = [
    path("households/<slug:code>/photos/", views.household_photos, name="household_photos"),
    path("households/<slug:code>/photos/<uuid:photo_uuid>/", views.household_photo, name="household_photo"),
    path("households/<slug:code>/photos/<uuid:photo_uuid>/remove/", views.photo_remove, name="photo_remove"),
    path("households/<slug:code>/photos/<uuid:photo_uuid>/file/", views.photo_file, name="photo_file"),
    path("households/<slug:code>/photos/<uuid:photo_uuid>/thumb/", views.photo_thumb, name="photo_thumb"),
]
