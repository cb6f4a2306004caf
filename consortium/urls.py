"""Addresses of the project: the directory's pages and files, the editors' admin and its sign-in."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.auth import views as auth
from django.urls import include, path
from django.views.decorators.cache import never_cache

from partners import urls as partners

from . import health, metrics, second_factor, sign_in, views

handler400 = "partners.views.errors.bad_request"
handler500 = "partners.views.errors.server_error"

# Before the admin's own, which end with one that answers every address.
ways_in = [
    path("login/", admin.site.login, name="account_login"),
    path("logout/", admin.site.logout, name="account_logout"),
    path("second-factor/", include(second_factor.urlpatterns)),
    path("password_reset/", never_cache(sign_in.PasswordReset.as_view()), name="admin_password_reset"),
    path("password_reset/done/", never_cache(auth.PasswordResetDoneView.as_view()), name="password_reset_done"),
    path(
        "password_reset/<uidb64>/<token>/",
        never_cache(sign_in.PasswordResetConfirm.as_view()),
        name="password_reset_confirm",
    ),
    path(
        "password_reset/complete/",
        never_cache(auth.PasswordResetCompleteView.as_view()),
        name="password_reset_complete",
    ),
]

urlpatterns = [
    # Not by include(), which takes language prefixes at the top only: pages and files share one namespace.
    path("", (partners.urlpatterns, partners.app_name, partners.app_name)),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path(".well-known/security.txt", views.security_txt, name="security-txt"),
    *i18n_patterns(path("admin/", include(ways_in)), path("admin/", admin.site.urls), prefix_default_language=False),
]
