"""The filter of certificates, the two things that are done about one, and the box for a code."""

from django import forms

from partnership.access.forms import PortalForm
from partnership.ui.forms import GovForm, required, words
from training.certificates.reads import STATES


class CertificateFilter(GovForm):
    q = forms.CharField(label="Name or course", required=False, max_length=100)
    state = forms.ChoiceField(
        label="State", required=False, choices=[("", "All"), *((code, label) for code, (label, _) in STATES.items())]
    )


class RevokeForm(PortalForm):
    why = words(
        "Why it is revoked", rows=3, most=500, missing="Say why it is revoked",
        help_text="The person and their organisation read it. Whoever checks the certificate reads only that it was "
        "revoked, and when.",
    )  # fmt: skip


class ReissueForm(PortalForm):
    name = forms.CharField(
        label="Name on the new certificate", max_length=200, error_messages=required("Enter the name"),
        help_text="The certificate is issued anew with a new code. The old one then says that it was replaced.",
    )  # fmt: skip


class CodeForm(GovForm):
    code = forms.CharField(
        label="Code", max_length=60, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text="26 letters and figures at the foot of the certificate. Spaces do not matter.",
    )  # fmt: skip
