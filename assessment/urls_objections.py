from django.urls import path

from assessment import views_objections as views
from assessment import views_public_objections as public

urlpatterns = [
    path("objections/", views.objection_list, name="objections"),
    path("objections/new/", views.objection_new, name="objection_new"),
    path("objections/<slug:code>/", views.objection, name="objection"),
    path("objections/<slug:code>/take/", views.objection_take, name="objection_take"),
    path("objections/<slug:code>/assign/", views.objection_assign, name="objection_assign"),
    path("objections/<slug:code>/propose/", views.objection_propose, name="objection_propose"),
    path("objections/<slug:code>/confirm/", views.objection_confirm, name="objection_confirm"),
    path("objections/<slug:code>/print/", views.objection_print, name="objection_print"),
    path("public/notices/<slug:token>/objections/", public.public_objection, name="public_objection"),
    path("public/objections/", public.public_lookup, name="public_objection_lookup"),
]
