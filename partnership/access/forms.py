"""PortalForm: what it offers is what it accepts, and both are what the person may choose."""

from django import forms
from django.core.exceptions import ImproperlyConfigured
from django.forms.models import ModelChoiceIterator

from partnership.access.reads import WHOLE_PARTNERSHIP, organisations_of
from partnership.access.rows import allowing
from partnership.trail.models import new_id
from partnership.ui.forms import GovForm

NOWHERE = "No role today: cannot open anything"


class _ByOrganisation(ModelChoiceIterator):
    """The choices of a PeopleField: groups by name, the whole partnership first; who belongs nowhere comes last."""

    def __iter__(self):
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        people = list(self.queryset)
        where = organisations_of([person.pk for person in people])
        groups = {}
        for person in people:
            for name in where.get(person.pk, [NOWHERE]):
                groups.setdefault(name, []).append(person)
        if not self.field.whole_partnership:
            groups.pop(WHOLE_PARTNERSHIP, None)
        for name in sorted(groups, key=lambda name: (name == NOWHERE, name != WHOLE_PARTNERSHIP, name.lower())):
            yield (name, [self.choice(person) for person in groups[name]])


class PeopleField(forms.ModelChoiceField):
    """A person, offered under each organisation that he belongs to today; without JavaScript too.

    whole_partnership: also under 'The partnership as a whole', for a role that is in no one organisation.
    """

    iterator = _ByOrganisation

    def __init__(self, *args, whole_partnership=True, **kwargs):
        self.whole_partnership = whole_partnership
        super().__init__(*args, **kwargs)

    def label_from_instance(self, user):
        return f"{user.name}, {user.job_title or 'no post given'}"


class PortalForm(GovForm):
    """A form of a signed-in person.

    `perm` is what the person must hold on a row for a ModelChoiceField to offer it: visible is not choosable. A field
    may ask for another through `perms = {"field": Perm.X}`. Every model field is drawn from `allowing`, then narrowed
    by `narrow(name, rows)`. `form_token` makes a second click, a re-sent page and a retry one record.
    """

    perm = None
    perms: dict = {}

    form_token = forms.UUIDField(required=False, widget=forms.HiddenInput, initial=new_id)

    def __init__(self, *args, user, **kwargs):
        self.user = user
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, forms.ModelChoiceField):
                perm = self.perms.get(name, self.perm)
                if perm is None:
                    raise ImproperlyConfigured(f"{type(self).__name__}.{name}: say which perm makes a row choosable")
                field.queryset = self.narrow(name, allowing(field.queryset.model, user, perm))

    def narrow(self, name, rows):
        """Fewer of the allowed rows; a subclass never widens them."""
        return rows
