"""The field of an upload, and a form with it that a wing may use or extend."""

from django import forms
from django.core.exceptions import ValidationError

from partnership.access.forms import PortalForm
from partnership.documents.contents.kinds import KINDS, check_size, kind_of, labels
from partnership.documents.models import Marking
from partnership.documents.names import clean_name
from partnership.documents.refusals import Refused, reason_of
from partnership.ui.forms import GovRadios, required


class DocumentField(forms.FileField):
    """A file that `services.take` will take: its size and extension are looked at at once, its content by the check."""

    widget = forms.FileInput

    def __init__(self, *, label="The file", hint="", **kwargs):
        self.hint = hint
        kwargs.setdefault("error_messages", required("Select the file.", empty=str(reason_of("empty"))))
        super().__init__(label=label, **kwargs)

    def get_bound_field(self, form, field_name):
        self.help_text = " ".join(filter(None, [self.hint, f"{labels()}, at most {_most()} MB."]))
        return super().get_bound_field(form, field_name)

    def widget_attrs(self, widget):
        return {"accept": ",".join(f".{extension}" for extension in KINDS)}

    def clean(self, data, initial=None):
        file = super().clean(data, initial)
        if file:
            try:
                check_size(file.size)
                kind_of(clean_name(file.name))
            except Refused as refused:
                raise ValidationError(str(reason_of(refused.code)), code=refused.code) from None
        return file


class UploadForm(PortalForm):
    """A file, what it is called, how it is marked. `facts()` is what `services.take` is given, beside folder and by."""

    file = DocumentField()
    title = forms.CharField(
        label="What is it?",
        required=False,
        max_length=200,
        help_text="A short title. Left empty, the name of the file.",
    )
    marking = forms.ChoiceField(
        label="How is it marked?",
        choices=Marking.choices,
        widget=GovRadios(hints={Marking.SENSITIVE: "Whatever names or describes a child, a family or a case."}),
        error_messages=required("Select how it is marked."),
    )

    def facts(self):
        data = self.cleaned_data
        return {"upload_file": data["file"], "title": data["title"], "marking": data["marking"]}


def _most():
    from django.conf import settings

    return settings.DOCUMENTS_MAX_MB
