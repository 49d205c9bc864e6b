from django.urls import path

from assessment import views_merging

urlpatterns = [
    path("villages/merges/", views_merging.merge_list, name="village_merges"),
    path("villages/merges/new/", views_merging.merge_new, name="village_merge_new"),
    path("villages/merges/<uuid:uuid>/", views_merging.merge_detail, name="village_merge"),
]
