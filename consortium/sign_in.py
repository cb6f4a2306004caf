"""How editors sign in: a name, a password, a second factor if they have one; what is refused, what the log says."""

import logging

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.utils import perform_login
from allauth.core import ratelimit
from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_credentials
from django.conf import settings
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import views
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from .logs import who

logger = logging.getLogger(__name__)


class SignInForm(AdminAuthenticationForm):
    """The form of name and password, refused unread after too many failures of this name from this address."""

    def clean(self):
        name = self.cleaned_data.get("username")
        if name and len(name) > self.fields["username"].max_length:
            raise self.get_invalid_login_error()  # nobody's, and longer than the column that counts failures
        if name and not AxesProxyHandler.is_allowed(self.request, get_credentials(username=name)):
            raise ValidationError(
                _("Too many failures. Wait an hour, or ask a colleague who looks after the server."), code="locked"
            )
        return super().clean()


class SignIn(views.LoginView):
    """The page at `/admin/login/`; it can still be opened when its form answers 429."""

    authentication_form = SignInForm
    template_name = "admin/login.html"

    def form_valid(self, form):
        return perform_login(self.request, form.get_user(), redirect_url=self.get_success_url())

    def form_invalid(self, form):
        locked = form.has_error(NON_FIELD_ERRORS, "locked")
        name = form.data.get("username", "")
        logger.warning("Sign-in %s: %s", "locked" if locked else "refused", who(self.request, name))
        response = super().form_invalid(form)
        if locked:
            response.status_code = 429
            response["Retry-After"] = int(settings.AXES_COOLOFF_TIME.total_seconds())
        return response


def as_answered(_request, response, _credentials):
    """Return the answer to the last allowed failure as it is; `SignInForm` refuses those after it."""
    return response


class AccountAdapter(DefaultAccountAdapter):
    """The account package's settings in code."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "incorrect_password": _("This is not your password."),
        "too_many_login_attempts": _("Too many failures. Wait some minutes."),
        "rate_limited": _("Too many failures. Wait some minutes."),
    }

    def is_open_for_signup(self, request):
        return False

    def get_client_ip(self, request):
        return request.META.get("REMOTE_ADDR") or "socket"

    def add_message(self, *args, **kwargs):
        """Show no message: the page that follows shows what has changed."""

    def send_notification_mail(self, template_prefix, user, *args, **kwargs):
        """Log what the package would send a mail about: a second factor that was added or removed."""
        event = template_prefix.rpartition("/")[2].replace("_", " ")
        logger.info("Second factor, %s: %s", event, who(self.request, user.get_username()))

    def login(self, request, user):
        super().login(request, user)
        logger.info("Signed in: %s", who(request))


class PasswordReset(views.PasswordResetView):
    """The page that sends a link to set a new password, or says that this directory sends no mail."""

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"sends_mail": bool(settings.MAIL)}

    def form_valid(self, form):
        if not settings.MAIL:
            return self.render_to_response(self.get_context_data(form=form))
        if not ratelimit.consume(self.request, action="reset_password", key=form.cleaned_data["email"].lower()):
            return render(self.request, "429.html", status=429)
        logger.info("Password reset asked for: %s", who(self.request))
        return super().form_valid(form)


class PasswordResetConfirm(views.PasswordResetConfirmView):
    """The page that sets the new password."""

    def form_valid(self, form):
        logger.info("Password reset: %s", who(self.request, self.user.get_username()))
        return super().form_valid(form)
