from django.urls import path, re_path

from households import views_family, views_transfers

urlpatterns = [
    path("households/<slug:code>/family/", views_family.family_page, name="family"),
    re_path(
        r"^households/(?P<code>[-\w]+)/family/(?P<step>add|leave|back|head|split|merge|move|transfer|reopen)/$",
        views_family.family_step,
        name="family_step",
    ),
    path("transfers/", views_transfers.transfer_list, name="transfers"),
    path("transfers/<uuid:uuid>/", views_transfers.transfer_page, name="transfer"),
]
