"""A second factor: a code of an app, a passkey or a recovery code; its pages, and what the log says."""

import logging

from allauth.account.views import ReauthenticateView as PasswordAgainView
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.base.views import AuthenticateView, IndexView, ReauthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm, ReauthenticateWebAuthnForm
from allauth.mfa.webauthn.views import AddWebAuthnView, ReauthenticateWebAuthnView, RemoveWebAuthnView
from cryptography.exceptions import InvalidSignature
from django.core.exceptions import ValidationError
from django.urls import path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from .logs import who

logger = logging.getLogger(__name__)


def has_second_factor(user):
    """Say whether somebody has an app or a passkey; recovery codes alone do not count. One query."""
    return is_mfa_enabled(user, [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN])


class Adapter(DefaultMFAAdapter):
    """The package's settings in code; its own texts lack two of our languages."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This is not the right code."),
        "cannot_generate_recovery_codes": _("Add an app or a passkey first."),
    }

    def generate_authenticator_name(self, user, type):
        return ""


def checked(user, clean):
    """Return what a form's check returns; a refusal is one line in the log.

    The package does not catch the errors that an invented passkey raises when it is read.
    """
    try:
        return clean()
    except (AttributeError, InvalidSignature, KeyError, TypeError, ValidationError, ValueError) as error:
        logger.warning("Second factor refused: %s", who(context.request, user.get_username()))
        if isinstance(error, ValidationError):
            raise
        raise ValidationError(Adapter.error_messages["incorrect_code"]) from error


class CodeForm(AuthenticateForm):
    def clean_code(self):
        return checked(self.user, super().clean_code)


class CodeAgainForm(ReauthenticateForm):
    def clean_code(self):
        return checked(self.user, super().clean_code)


class PasskeyForm(AuthenticateWebAuthnForm):
    def clean_credential(self):
        return checked(self.user, super().clean_credential)


class PasskeyAgainForm(ReauthenticateWebAuthnForm):
    def clean_credential(self):
        return checked(self.user, super().clean_credential)


class NewPasskeyForm(AddWebAuthnForm):
    def clean(self):
        return checked(self.user, super().clean)


def page(address, view, name, title, template):
    """Return the route of a page in the admin's look, which no cache stores."""
    shown = view.as_view(template_name=f"second_factor/{template}.html", extra_context={"title": title})
    return path(address, never_cache(shown), name=name)


AGAIN = _("Confirm that it is you")
CODES = _("Recovery codes")
# The package redirects from one page to another by these names.
urlpatterns = [
    page("", IndexView, "mfa_index", _("Second factor"), "index"),
    page("sign-in/", AuthenticateView, "mfa_authenticate", _("Second factor"), "sign_in"),
    page("password/", PasswordAgainView, "account_reauthenticate", AGAIN, "again_password"),
    page("code/", ReauthenticateView, "mfa_reauthenticate", AGAIN, "again_code"),
    page("passkey/", ReauthenticateWebAuthnView, "mfa_reauthenticate_webauthn", AGAIN, "again_passkey"),
    page("app/add/", ActivateTOTPView, "mfa_activate_totp", _("Add an app"), "add_app"),
    page("app/remove/", DeactivateTOTPView, "mfa_deactivate_totp", _("Remove the app"), "remove"),
    page("passkeys/add/", AddWebAuthnView, "mfa_add_webauthn", _("Add a passkey"), "add_passkey"),
    page("codes/", ViewRecoveryCodesView, "mfa_view_recovery_codes", CODES, "codes"),
    page("codes/new/", GenerateRecoveryCodesView, "mfa_generate_recovery_codes", _("New recovery codes"), "new_codes"),
]
RemoveWebAuthnView.success_url = reverse_lazy("mfa_index")
urlpatterns += [
    page("passkeys/<int:pk>/remove/", RemoveWebAuthnView, "mfa_remove_webauthn", _("Remove a passkey"), "remove")
]
