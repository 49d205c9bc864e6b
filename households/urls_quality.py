from django.urls import path

from households import views_doubts

urlpatterns = [
    path("doubts/", views_doubts.doubt_list, name="doubts"),
    path("doubts/today/", views_doubts.doubts_today, name="doubts_today"),
    path("doubts/counts/", views_doubts.doubt_counts, name="doubt_counts"),
    path("doubts/check/", views_doubts.doubts_check, name="doubts_check"),
    path("doubts/export/", views_doubts.doubts_export, name="doubts_export"),
    path("doubts/<uuid:uuid>/", views_doubts.doubt_page, name="doubt"),
    path("doubts/<uuid:uuid>/reopen/", views_doubts.doubt_reopen, name="doubt_reopen"),
    path("manage/quality/", views_doubts.quality_settings, name="quality_settings"),
]
