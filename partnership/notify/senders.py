"""Who carries the mail: SMTP, GOV.UK Notify, or the demo's own outbox. MAIL_SENDER chooses (docs/running.md)."""

import contextlib
import smtplib
from http import HTTPStatus

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from notifications_python_client.errors import APIError, HTTPError, InvalidResponse
from notifications_python_client.notifications import NotificationsAPIClient
from requests import ConnectTimeout

from partnership.notify.models import DemoMail

# For one answer of the other side. A letter that is handed over waits for four at most (MAIL, RCPT, DATA, its end).
TIMEOUT_SECONDS = 20
ANSWERS_A_LETTER = 4
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
        message = EmailMessage(
            letter.subject,
            letter.body,
            settings.DEFAULT_FROM_EMAIL,
            [letter.to],
            headers={"Message-ID": letter.message_id} | AUTOMATIC,
            connection=self.connection,
        )
        try:
            self.connection.send_messages([message])
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

    def close(self):
        with contextlib.suppress(smtplib.SMTPException, OSError):
            self.connection.close()
        if hasattr(self.connection, "connection"):
            self.connection.connection = None


def _for_good(code) -> bool:
    return 500 <= int(code) < 600


class GovNotify(Sender):
    """GOV.UK Notify. Its template has two placeholders, ((subject)) and ((body)); our reference is the question."""

    can_be_asked = True
    # https://docs.notifications.service.gov.uk/python.html#get-the-status-of-multiple-messages
    STATES = {
        "created": ACCEPTED,
        "sending": ACCEPTED,
        "delivered": DELIVERED,
        "permanent-failure": FAILED,
        "temporary-failure": FAILED,  # said after the provider's own tries over three days
        "technical-failure": FAILED,
    }

    def __init__(self):
        self.client = NotificationsAPIClient(
            settings.NOTIFY_API_KEY, base_url=settings.NOTIFY_URL, timeout=TIMEOUT_SECONDS
        )

    def send(self, letter) -> str:
        try:
            self.client.send_email_notification(
                email_address=letter.to,
                template_id=settings.NOTIFY_TEMPLATE_ID,
                personalisation={"subject": letter.subject, "body": letter.body},
                reference=letter.reference,
            )
        except InvalidResponse as error:
            raise NotSent("no_json", maybe=True) from error
        except HTTPError as error:
            raise self._failure(error) from error
        return "201"

    @staticmethod
    def _failure(error) -> NotSent:
        if error.response is None:
            before = isinstance(error.__cause__, ConnectTimeout)
            return SenderDown("connect") if before else NotSent("no_answer", maybe=True)
        status = error.status_code
        if status == HTTPStatus.BAD_REQUEST:
            return NotSent(status, for_good="email_address" in str(error.message))
        if status < 500:  # key, allowance: the same for every letter
            return SenderDown(status)
        return NotSent(status, maybe=True)

    def ask(self, reference) -> str:
        try:
            found = self.client.get_all_notifications(reference=reference)["notifications"]
        except (APIError, KeyError, TypeError) as error:
            raise SenderDown("no_answer_to_question") from error
        states = {self.STATES.get(each.get("status"), ACCEPTED) for each in found}
        return next((state for state in (DELIVERED, ACCEPTED, FAILED) if state in states), UNKNOWN)

    def close(self):
        self.client.request_session.close()


class Demo(Sender):
    """Rows that the demo's outbox page shows; no mail leaves."""

    can_be_asked = True

    def send(self, letter) -> str:
        DemoMail.objects.create(
            provider_ref=letter.reference,
            recipient_id=letter.recipient_id,
            subject=letter.subject,
            body=letter.body,
        )
        return "kept"

    def ask(self, reference) -> str:
        return DELIVERED if DemoMail.objects.filter(provider_ref=reference).exists() else UNKNOWN


SENDERS = {"smtp": Smtp, "notify": GovNotify, "demo": Demo}


def sender() -> Sender:
    """The sender that MAIL_SENDER names."""
    return SENDERS[settings.MAIL_SENDER]()
