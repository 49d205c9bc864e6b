from django.urls import path

from assessment import views_signing

urlpatterns = [
    path("rounds/<slug:code>/groups/<slug:group_code>/signing/", views_signing.signing, name="signing"),
    path("signings/<uuid:signing_uuid>/", views_signing.signing_file, name="signing_file"),
]
