"""PortalForm: what it offers is what it accepts, and both are what the person may choose."""

from functools import partial

from django import forms
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Q

from partnership.access.kept import FIELD, new_token
from partnership.access.rows import allowing
from partnership.ui.forms import GovForm

ENDED = "(as it is; no longer offered)"


class PortalForm(GovForm):
    """A form of a signed-in person.

    `perm` is what the person must hold on a row for a ModelChoiceField to offer it: visible is not choosable. A field
    may ask for another through `perms = {"field": Perm.X}`. Every model field is drawn from `allowing`, then narrowed
    by `narrow(name, rows)`. `form_token` makes a second click, a re-sent page and a retry one record, and says whose
    form it is, so that nothing typed is lost when the session has ended (partnership.access.kept). What a service
    refuses is shown by `put_errors`; `error_fields` maps a name of the service's to the field's, where they differ.
    `keeps`: fields of an edit whose present value (`initial`, or of `row`) stays among the choices, marked, when it
    could be chosen no longer: opening and saving changes nothing that nobody meant.
    """

    perm = None
    perms: dict = {}
    error_fields: dict = {}
    keeps: tuple = ()
    row = None

    form_token = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, user, **kwargs):
        self.user = user
        super().__init__(*args, **kwargs)
        self.fields[FIELD].initial = partial(new_token, user)
        for name, field in self.fields.items():
            if isinstance(field, forms.ModelChoiceField):
                perm = self.perms.get(name, self.perm)
                if perm is None:
                    raise ImproperlyConfigured(f"{type(self).__name__}.{name}: say which perm makes a row choosable")
                field.queryset = self.narrow(name, allowing(field.queryset.model, user, perm))
                if name in self.keeps:
                    self._keep(name, field)

    def narrow(self, name, rows):
        """Fewer of the allowed rows; a subclass never widens them."""
        return rows

    def facts(self) -> dict:
        """What was entered, field by field, as a service takes it: without the form's own token."""
        return {name: value for name, value in self.cleaned_data.items() if name != FIELD}

    def _keep(self, name, field):
        now = self.initial.get(name) or getattr(self.row, f"{name}_id", None)
        pk, rows = getattr(now, "pk", now), field.queryset
        if not pk or rows.filter(pk=pk).exists():
            return
        every = rows.model._default_manager.filter(Q(pk__in=rows.order_by().values("pk")) | Q(pk=pk))
        label = field.label_from_instance
        field.queryset = every.order_by(*rows.query.order_by)
        field.label_from_instance = lambda row: f"{label(row)} {ENDED}" if row.pk == pk else label(row)

    def put_errors(self, error):
        """Show what a service refused at the field that it names; what names none stands above the form."""
        for name, errors in error.update_error_dict({}).items():
            field = self.error_fields.get(name, name)
            self.add_error(field if field in self.fields else None, errors)
