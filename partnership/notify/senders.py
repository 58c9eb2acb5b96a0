"""Who carries the mail: SMTP, GOV.UK Notify (govuk.py), the demo's own outbox. MAIL_SENDER chooses: docs/running.md."""

import contextlib
import smtplib

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from partnership.notify.models import DemoMail

# For one answer of the other side. A letter that is handed over waits for four at most (MAIL, RCPT, DATA, its end).
TIMEOUT_SECONDS = 20
ANSWERS_A_LETTER = 4
INVITATION_FILE = "invite.ics"
FILE_BELOW = f"\n\nThe file that goes with it, {INVITATION_FILE}:\n\n{{}}"
AUTOMATIC = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}


class NotSent(Exception):
    """An attempt that failed. code: the provider's own, at most 40 characters, never its words.

    for_good: no use in trying again. maybe: the provider may have taken it all the same.
    """

    def __init__(self, code, *, for_good=False, maybe=False):
        super().__init__(code)
        self.code, self.for_good, self.maybe = str(code)[:40], for_good, maybe


class SenderDown(NotSent):
    """The sender itself cannot be used (no connection, wrong password): no fault of this letter."""


# What a provider answers when it is asked for a reference.
UNKNOWN, ACCEPTED, DELIVERED, FAILED = "unknown", "accepted", "delivered", "failed"


class Sender:
    """ready(), then send(letter) -> the provider's code; NotSent, SenderDown. ask(reference) -> one of the four above.

    What takes long before a letter leaves belongs in `ready`: the relay looks at its clock between the two.
    """

    can_be_asked = False

    def ready(self) -> None:
        """Open what is needed to send; raises SenderDown."""

    def send(self, letter) -> str:
        raise NotImplementedError

    def ask(self, reference) -> str:
        return UNKNOWN

    def close(self) -> None:
        """Called at the end of each pass."""


class Smtp(Sender):
    """Through Django's email settings (EMAIL_URL). SMTP cannot be asked what became of a message."""

    def __init__(self):
        self.connection = get_connection(timeout=TIMEOUT_SECONDS)

    def ready(self):
        """A connection that answers; one that the server has dropped meanwhile is opened again before any letter."""
        server = getattr(self.connection, "connection", None)
        if server is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                if server.noop()[0] == 250:
                    return
            self.close()
        try:
            self.connection.open()
            if server := getattr(self.connection, "connection", None):
                server.ehlo_or_helo_if_needed()
        except smtplib.SMTPResponseException as error:
            self.close()
            raise SenderDown(error.smtp_code) from error
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise SenderDown(type(error).__name__) from error

    def send(self, letter) -> str:
        try:
            self.connection.send_messages([self._message(letter)])
        except smtplib.SMTPRecipientsRefused as error:
            code = next(iter(error.recipients.values()))[0]
            raise NotSent(code, for_good=_for_good(code)) from error
        except smtplib.SMTPSenderRefused as error:  # ours is the address that it dislikes
            self.close()
            raise SenderDown(error.smtp_code) from error
        except smtplib.SMTPResponseException as error:
            self.close()
            raise NotSent(error.smtp_code, for_good=_for_good(error.smtp_code)) from error
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise NotSent(type(error).__name__, maybe=True) from error
        return "250"

    def _message(self, letter):
        message = EmailMultiAlternatives(
            letter.subject,
            letter.body,
            settings.DEFAULT_FROM_EMAIL,
            [letter.to],
            headers={"Message-ID": letter.message_id} | AUTOMATIC,
            connection=self.connection,
        )
        if brings := letter.invitation:
            # Outlook and Gmail take the alternative as an invitation (RFC 6047); other programs open the file.
            message.attach_alternative(brings.data.decode(), f"text/calendar; method={brings.method}")
            message.attach(INVITATION_FILE, brings.data, "application/ics")
        return message

    def close(self):
        with contextlib.suppress(smtplib.SMTPException, OSError):
            self.connection.close()
        if hasattr(self.connection, "connection"):
            self.connection.connection = None


def _for_good(code) -> bool:
    return 500 <= int(code) < 600


class Demo(Sender):
    """Rows that the demo's outbox page shows; no mail leaves."""

    can_be_asked = True

    def send(self, letter) -> str:
        DemoMail.objects.create(
            provider_ref=letter.reference,
            recipient_id=letter.recipient_id,
            to=letter.to,
            subject=letter.subject,
            body=letter.body + (FILE_BELOW.format(_unfolded(letter.invitation)) if letter.invitation else ""),
        )
        return "kept"

    def ask(self, reference) -> str:
        return DELIVERED if DemoMail.objects.filter(provider_ref=reference).exists() else UNKNOWN


def _unfolded(invitation) -> str:
    """Its lines whole (RFC 5545, 3.1): the page would make links of halves of addresses."""
    return invitation.data.decode().replace("\r\n ", "")


def carries_invitations() -> bool:
    """Whether the sender of this portal takes an invitation along; GOV.UK Notify carries words alone."""
    return settings.MAIL_SENDER != "notify"


def sender() -> Sender:
    """The sender that MAIL_SENDER names."""
    if settings.MAIL_SENDER == "notify":
        # Here, because its client is large, and every process that tells anybody anything imports this file.
        from partnership.notify.govuk import GovNotify

        return GovNotify()
    return {"smtp": Smtp, "demo": Demo}[settings.MAIL_SENDER]()
