"""The form of an organisation's people: for each duty whether it is still right, and what is right instead."""

from django import forms

from audits.beside.people import CORRECT, KEEP, NOBODY, OTHER
from partnership.access.forms import PortalForm
from partnership.directory.joining.forms import email_field, person_text
from partnership.ui.forms import GovRadios, required


class PeopleForm(PortalForm):
    """lines: of people.lines_of, those of them that the organisation itself says. 'all' fills what is not answered."""

    read = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, data=None, *, lines, read, **kwargs):
        self.lines = [line for line in lines if line.ours]
        self.reveals, self.fieldsets = {}, ()
        super().__init__(self._filled(data), initial={"read": read}, **kwargs)
        for line in self.lines:
            self._ask(line)
        for name in self.fields.keys() - self.base_fields.keys():
            self._finish(name, self.fields[name])

    def _filled(self, data):
        if data is None or "all" not in data:
            return data
        data = data.copy()
        for line in self.lines:
            if not data.get(f"{line.key}_says"):
                data[f"{line.key}_says"] = KEEP if line.holder else NOBODY
        return data

    def _ask(self, line):
        says, holder = f"{line.key}_says", line.holder
        choices = [(OTHER, "Somebody else now" if holder else "Name who holds it"), (NOBODY, _nobody(line))]
        if holder:
            choices = [(KEEP, "Still right"), (CORRECT, "The same person, but something else changed"), *choices]
        self.fields[says] = forms.ChoiceField(
            label=f"{line.label}: {holder.name if holder else 'nobody is named'}",
            help_text=_known(line),
            choices=choices,
            widget=GovRadios(small=True),
            error_messages=required(f"Say whether this is still right: {line.label}."),
        )
        revealed = {OTHER: (f"{line.key}_name", f"{line.key}_post", f"{line.key}_email")}
        self.fields[f"{line.key}_name"] = person_text("Full name", f"Enter the full name of the {line.label.lower()}.")
        self.fields[f"{line.key}_post"] = person_text("Post", f"Enter the post of the {line.label.lower()}.")
        self.fields[f"{line.key}_email"] = email_field("Email address", hint="Leave it empty if you do not know it.")
        if holder:
            revealed[CORRECT] = (f"{line.key}_right_post",)
            self.fields[f"{line.key}_right_post"] = person_text("Post", "Enter the post.")
            self.initial[f"{line.key}_right_post"] = line.post
            if line.may_mail:
                revealed[CORRECT] += (f"{line.key}_right_email",)
                self.fields[f"{line.key}_right_email"] = email_field("Email address")
                self.initial[f"{line.key}_right_email"] = holder.email or ""
        self.reveals[says] = revealed

    def says(self) -> dict:
        """As people.confirm takes it."""
        data, found = self.cleaned_data, {}
        for line in self.lines:
            says = data[f"{line.key}_says"]
            right = "right_" if says == CORRECT else ""
            names = ("name", "post", "email")
            found[line.key] = {"says": says} | {name: data.get(f"{line.key}_{right}{name}") or "" for name in names}
        return found

    def put_errors(self, error):
        """What the directory refuses of a correction stands at its own boxes."""
        errors = error.update_error_dict({})
        for name in list(errors):
            key, _, what = name.rpartition("_")
            if self.data.get(f"{key}_says") == CORRECT and f"{key}_right_{what}" in self.fields:
                errors[f"{key}_right_{what}"] = errors.pop(name)
        super().put_errors(type(error)(errors))

    def against(self, now) -> list:
        """(duty, what was said, what the directory has now) of the lines that changed since this form was read."""
        said, then, rows = self.says(), {line.key: line for line in self.lines}, []
        later = {line.key: line for line in now if line.ours}
        for key in dict.fromkeys([*then, *later]):
            before, after = then.get(key), later.get(key)
            if _person(before) != _person(after) or said.get(key, {}).get("says") not in (KEEP, NOBODY, None):
                rows.append(
                    ((before or after).label, _in_words(said.get(key), before), _person(after) or "Nobody is named")
                )
        return rows


def _nobody(line):
    return "Nobody holds it now" if line.holder else "Nobody holds it, or we do not know yet"


def _known(line):
    if line.holder is None:
        return ""
    email = line.holder.email or "no email address"
    return ", ".join(filter(None, [line.post, email, "" if line.holder.is_active else "has no sign-in"]))


def _person(line):
    if line is None or line.holder is None:
        return ""
    return ", ".join(filter(None, [line.holder.name, line.post, line.holder.email]))


def _in_words(said, line):
    if said is None:
        return ""
    typed = ", ".join(filter(None, [said["name"], said["post"], said["email"]]))
    return {
        KEEP: f"Still right: {_person(line)}",
        NOBODY: "Nobody holds it",
        OTHER: f"Somebody else now: {typed}",
        CORRECT: f"The same person: {typed}",
    }[said["says"]]
