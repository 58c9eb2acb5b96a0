"""A picker of people: by organisation, so that two of one name are told apart and the right agency is found at once."""

from django import forms
from django.forms.models import ModelChoiceIterator

from partnership.access.reads import WHOLE_PARTNERSHIP, organisations_of

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
