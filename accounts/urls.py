from django.urls import path

from accounts import views, views_audit, views_delegations

urlpatterns = [
    path("login/", views.Login.as_view(), name="login"),
    path("logout/", views.Logout.as_view(), name="logout"),
    path("password/", views.password, name="password"),
    path("password/confirm/", views.password_confirm, name="password_confirm"),
    path("manage/accounts/", views.account_list, name="accounts"),
    path("manage/accounts/new/", views.account_new, name="account_new"),
    path("manage/accounts/bulk/", views.account_bulk, name="account_bulk"),
    path("manage/accounts/hand-over/", views.account_hand_over, name="account_hand_over"),
    path("manage/accounts/<slug:login>/reset/", views.account_reset, name="account_reset"),
    path("manage/accounts/<slug:login>/contact/", views.account_contact, name="account_contact"),
    path("manage/accounts/<slug:login>/active/", views.account_active, name="account_active"),
    path("manage/assignments/", views.assignment_list, name="assignments"),
    path("manage/assignments/<int:pk>/confirm/", views.assignment_confirm, name="assignment_confirm"),
    path("manage/assignments/<int:pk>/end/", views.assignment_end, name="assignment_end"),
    path("manage/audit/", views_audit.audit_trail, name="audit"),
    path("delegations/", views_delegations.delegation_list, name="delegations"),
    path("delegations/new/", views_delegations.delegation_new, name="delegation_new"),
    path("delegations/<uuid:delegation>/end/", views_delegations.delegation_end, name="delegation_end"),
]
