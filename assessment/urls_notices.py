from django.urls import path

from assessment import views_notices as views
from assessment import views_public

urlpatterns = [
    path("notices/", views.notice_list, name="notices"),
    path("notices/new/", views.notice_new, name="notice_new"),
    path("notices/<uuid:notice_uuid>/", views.notice, name="notice"),
    path("notices/<uuid:notice_uuid>/sheets/<uuid:sheet_uuid>/", views.notice_post, name="notice_post"),
    path("notices/<uuid:notice_uuid>/withdraw/", views.notice_withdraw, name="notice_withdraw"),
    path("notices/<uuid:notice_uuid>/print/", views.notice_print, name="notice_print"),
    path("public/check/", views_public.public_check, name="public_check"),
    path("public/notices/<slug:token>/", views_public.public_notice, name="public_notice"),
]
