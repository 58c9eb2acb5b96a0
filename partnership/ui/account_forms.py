"""The forms of django-allauth in plain words: ACCOUNT_FORMS and MFA_FORMS name them.

Labels, hints and sentences only; what they check stays the library's. Every field can be pasted into and carries the
`autocomplete` that password managers look for (WCAG 2.2, success criterion 3.3.8, accessible authentication).
"""

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp

from partnership.ui.forms import GovFormMixin

CHOOSING = "At least 12 characters, and not one that others would guess. Three random words are easy to remember."
APP_CODE = "The six-digit code that the authenticator app on your phone shows"
APP_OR_RECOVERY_CODE = (
    "Code",
    f"{APP_CODE}. Or one of your recovery codes.",
    "Enter the six-digit code, or a recovery code",
)


class Worded(GovFormMixin):
    """`words` gives a field its label, hint and what is said when it is left empty."""

    words: dict = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, (label, hint, missing) in self.words.items():
            if name in self.fields:
                field = self.fields[name]
                field.label, field.help_text = label, hint
                field.error_messages["required"] = missing
                if name == "code":
                    field.widget.attrs.update(inputmode="text", spellcheck="false", autocapitalize="none")
                    field.widget.attrs["class"] = "govuk-input--width-10"


class SignInForm(Worded, account.LoginForm):
    words = {
        "login": ("Email address", "", "Enter your email address"),
        "password": ("Password", "", "Enter your password"),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # The address is the name of the account, which is what password managers must save beside the password.
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class ReauthenticateForm(Worded, account.ReauthenticateForm):
    words = {"password": ("Password", "", "Enter your password")}


class ChangePasswordForm(Worded, account.ChangePasswordForm):
    words = {
        "oldpassword": ("Current password", "", "Enter your current password"),
        "password1": ("New password", CHOOSING, "Enter a new password"),
        "password2": ("New password again", "", "Enter the new password again"),
    }


class ResetPasswordForm(Worded, account.ResetPasswordForm):
    words = {"email": ("Email address", "The one that you sign in with", "Enter your email address")}


class NewPasswordForm(Worded, account.ResetPasswordKeyForm):
    words = {
        "password1": ("New password", CHOOSING, "Enter a new password"),
        "password2": ("New password again", "", "Enter the new password again"),
    }


class RequestCodeForm(Worded, account.RequestLoginCodeForm):
    words = {"email": ("Email address", "The one that you sign in with", "Enter your email address")}


class MailedCodeForm(Worded, account.ConfirmLoginCodeForm):
    words = {
        "code": ("Code", "The eight letters in the email. Small letters and spaces do not matter.", "Enter the code")
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs.pop("placeholder", None)


class SecondFactorForm(Worded, mfa.AuthenticateForm):
    words = {"code": APP_OR_RECOVERY_CODE}


class SecondFactorAgainForm(Worded, mfa.ReauthenticateForm):
    words = {"code": APP_OR_RECOVERY_CODE}


class ActivateAppForm(Worded, totp.ActivateTOTPForm):
    words = {"code": ("Code", APP_CODE, "Enter the six-digit code that the app shows")}
