"""Every page of the project, app by app."""

from django.urls import include, path

urlpatterns = [
    path("", include("core.urls")),
    path("", include("accounts.urls")),
    path("", include("villages.urls")),
    path("", include("households.urls")),
    path("", include("assessment.urls")),
    path("", include("reports.urls")),
    path("api/", include("fupin.api_urls")),
]

handler400 = "core.web.errors.bad_request"
handler403 = "core.web.errors.denied"
handler404 = "core.web.errors.not_found"
handler500 = "core.web.errors.server_error"
