"""Named duties of an organisation, and who holds them."""

from django.db import models
from simple_history.models import HistoricalRecords

from partnership.people.models.agencies import Agency
from partnership.people.models.dated import DIRECTORY, Dated, DatedQuerySet, ends_after_start
from partnership.people.models.people import User
from partnership.people.roles import Perm
from partnership.trail.models import new_id
from partnership.trail.protection import Access, Retention


class DutyKind(models.TextChoices):
    """Named duties of an organisation (features 3, 8 and 192)."""

    LEAD_PARTNER = "lsp", "Lead safeguarding partner"
    DELEGATED_PARTNER = "dsp", "Delegated safeguarding partner"
    DSL = "dsl", "Designated safeguarding lead"
    DEPUTY_DSL = "ddsl", "Deputy designated safeguarding lead"
    SECTION_11_LEAD = "s11", "Section 11 lead"
    SINGLE_POINT = "spoc", "Single point of contact"
    HEADTEACHER = "head", "Headteacher"
    CHAIR_OF_GOVERNORS = "chair", "Chair of governors"
    CASE_CONTACT = "case", "Case contact"
    DEPUTY_CASE_CONTACT = "dcase", "Deputy case contact"
    CLOSURE_COVER = "cover", "Cover while it is closed"
    LEAD_MEMBER = "lm", "Lead member for children's services (non-voting participant observer)"
    SCRUTINEER = "scrutineer", "Independent scrutineer (non-voting)"
    LAY_MEMBER = "lay", "Lay member (observer)"


NON_VOTING = frozenset({DutyKind.LEAD_MEMBER, DutyKind.SCRUTINEER, DutyKind.LAY_MEMBER})


class NamedDuty(Dated):
    """Who holds a named duty of an organisation, from when to when; the holder may have no account yet.

    `deputy_for` makes it a dated deputy or delegation: a delegated safeguarding partner is appointed by the lead
    partner (WT2023 ch. 2), and a deputy acts for the delegate between two dates, signing as themselves.
    """

    # Its own lead names who holds it; `directory.joining` says which duties.
    access = Access.everyone(**DIRECTORY, agency={"agency": frozenset({Perm.COLLEAGUES})})
    retention = Retention.REFERENCE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="named_duties")
    kind = models.CharField("duty", max_length=10, choices=DutyKind.choices)
    holder = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="named_duties")
    post = models.CharField("post", max_length=200, blank=True, help_text="The post that carries the duty.")
    deputy_for = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="deputies")
    source = models.CharField(max_length=200, blank=True)
    history = HistoricalRecords()

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "starts", "id"]
        verbose_name = "named duty"
        verbose_name_plural = "named duties"
        constraints = [ends_after_start("duty_ends_after_start")]

    def __str__(self):
        return self.get_kind_display()

    @property
    def votes(self):
        return self.kind not in NON_VOTING
