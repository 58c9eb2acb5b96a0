"""Signing in by a mailed code, for people who are near no case. The same answer for every address."""

from allauth.account import views as account
from allauth.mfa.models import Authenticator

from partnership.access.casereach import has_case_reach
from partnership.ui.account_forms import RequestCodeForm


def may_use(user) -> bool:
    """Whether a code is mailed to `user`: near no case, one person's or one office's live account, without an app.

    Who has set the app up keeps to it: a mailbox must not stand in for a phone.
    """
    return user.is_active and not _has_app(user) and not has_case_reach(user)


def _has_app(user):
    return Authenticator.objects.filter(user=user).exists()


class AskCodeForm(RequestCodeForm):
    """Whoever may not sign in by a code is treated as an address that nobody has."""

    def clean_email(self):
        email = super().clean_email()
        if self._user is not None and not may_use(self._user):
            self._user = None
        return email


class AskCode(account.RequestLoginCodeView):
    template_name = "account/request_login_code.html"


class ConfirmCode(account.ConfirmLoginCodeView):
    template_name = "account/confirm_login_code.html"
