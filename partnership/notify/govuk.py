"""GOV.UK Notify as a sender: what each of its answers means for the letter."""

from http import HTTPStatus

from django.conf import settings
from notifications_python_client.errors import APIError, HTTPError, InvalidResponse
from notifications_python_client.notifications import NotificationsAPIClient
from requests import ConnectTimeout

from partnership.notify.senders import (
    ACCEPTED,
    DELIVERED,
    FAILED,
    TIMEOUT_SECONDS,
    UNKNOWN,
    NotSent,
    Sender,
    SenderDown,
)


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
