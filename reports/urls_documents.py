from django.urls import path

from reports import views_documents as views

urlpatterns = [
    path("documents/", views.document_list, name="documents"),
    path("documents/new/", views.document_new, name="document_new"),
    path("documents/<uuid:uuid>/", views.document, name="document"),
]
