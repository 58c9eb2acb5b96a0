"""The form renderer: `{{ form }}` gives GOV.UK markup for every field, with its error, hint and first wrong part.

Set as FORM_RENDERER, so it also draws the forms of django-allauth. A view hands its form to the template as `form`;
base.html puts the error summary above the heading and 'Error: ' before the title, `{{ form }}` draws the fields.
"""

import re
from datetime import date, datetime

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy

from partnership.ui.dates import (
    PARTS,
    GovDateField,
    GovDateTimeField,
    GovDateTimeWidget,
    GovDateWidget,
    clock_time,
    plain,
)

__all__ = [
    "GovCheckboxes",
    "GovDateField",
    "GovDateTimeField",
    "GovDateTimeWidget",
    "GovDateWidget",
    "GovForm",
    "GovFormMixin",
    "GovRadios",
    "PortalBoundField",
    "PortalRenderer",
    "in_words",
    "required",
    "words",
]

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
LINE_LIMIT = 255
TEXT_LIMIT = 10_000
INPUT_KINDS = {"text", "textarea", "count", "select", "file"}


def required(sentence, **others):
    """`error_messages` of a field: what is said when it is left empty, and any others by code."""
    return {"required": sentence, **others}


def words(label, missing="", *, rows, most, **options):
    """A field for a text of up to `most` characters, counted down; required if `missing` says what to do then."""
    area = forms.Textarea(attrs={"rows": rows})
    messages = required(missing) if missing else {}
    return forms.CharField(
        label=label, required=bool(missing), max_length=most, widget=area, error_messages=messages, **options
    )


def unstorable(text):
    """Whether a text holds a NUL or half a surrogate pair, which neither PostgreSQL nor UTF-8 can carry."""
    return any(character == "\0" or "\ud800" <= character <= "\udfff" for character in text)


def printable(value):
    """The value with what cannot be sent back to the browser replaced by U+FFFD; containers keep their type."""
    if isinstance(value, str):
        if not unstorable(value):
            return value
        return "".join(REPLACEMENT if unstorable(character) else character for character in value)
    if isinstance(value, (list, tuple)):
        return type(value)(printable(item) for item in value)
    return value


def storable(value):
    """Validator of text fields (code 'unstorable')."""
    if isinstance(value, str) and unstorable(value):
        raise ValidationError(
            "This text has a hidden character that cannot be stored: delete it and type the words again",
            code="unstorable",
        )


def spoken(label):
    """A label inside a sentence: 'Date of last contact' → 'date of last contact'; 'NHS number' stays."""
    label = str(label).rstrip("?:. ")
    return label if label[1:2].isupper() or label[1:2].isdigit() else label[:1].lower() + label[1:]


def subject_of(words):
    """How a sentence names a date by its label's words: 'last day'; what is no noun is quoted: 'date of ‘Told on’'."""
    parts = words.split()
    loose = parts[0] in {"from", "to", "since", "until", "when", "as"} or parts[-1] in {"on", "by", "for"}
    return f"date of ‘{words[:1].upper()}{words[1:]}’" if loose else words


NO_NOUN = re.compile(
    "(a|an|as|at|by|does|from|has|have|how|in|is|it|its|may|of|on|or|since|to|until|was|what|when|where|which|who|whom"
    "|whose|why|will|with|would) "
)


def named(words, label) -> tuple[str, str]:
    """How sentences name a field, inside and at their beginning: 'the last day' and 'The last day'; what is no noun is
    quoted in both: '‘Who does it?’'."""
    if NO_NOUN.match(f"{words} "):
        return (f"‘{label}’",) * 2
    return f"the {words}", f"The {words}"


def in_words(field, value) -> str:
    """A cleaned or stored value as people read it: a choice's label, a date, Yes or No; '' for nothing."""
    if isinstance(field, forms.BooleanField):
        return "Yes" if value else "No"
    if value in (None, "") or (isinstance(value, (list, tuple)) and not any(value)):
        return ""
    if isinstance(field, forms.ModelMultipleChoiceField):
        return ", ".join(sorted(str(field.label_from_instance(each)) for each in value))
    if isinstance(field, forms.ModelChoiceField):
        return str(field.label_from_instance(value))
    if isinstance(value, (list, tuple)):
        return ", ".join(in_words(field, each) for each in value)
    if isinstance(field, forms.ChoiceField):
        return str(dict(field.choices).get(value, value))
    if isinstance(value, datetime):
        local = timezone.localtime(value)
        return f"{plain(local)} at {clock_time(local)}"
    return plain(value) if isinstance(value, date) else str(value)


class GovRadios(forms.RadioSelect):
    """Radios; `hints` maps a choice's value to its hint, `inline` puts two short choices beside each other."""

    def __init__(self, attrs=None, choices=(), *, hints=None, inline=False, small=False):
        super().__init__(attrs, choices)
        self.hints, self.inline, self.small = hints or {}, inline, small


class GovCheckboxes(forms.CheckboxSelectMultiple):
    """Checkboxes; `hints` maps a choice's value to its hint."""

    def __init__(self, attrs=None, choices=(), *, hints=None, small=False):
        super().__init__(attrs, choices)
        self.hints, self.small = hints or {}, small


class PortalBoundField(BoundField):
    """A field of a form as the templates in ui/forms/ draw it."""

    @cached_property
    def kind(self):
        """Which template draws it: text, textarea, count, select, radios, checkboxes, checkbox, date, file, hidden."""
        widget = self.field.widget
        # CheckboxSelectMultiple is a subclass of RadioSelect, so it is asked for first.
        for kind, classes in (
            ("hidden", (forms.HiddenInput, forms.MultipleHiddenInput)),
            ("checkboxes", (forms.CheckboxSelectMultiple,)),
            ("radios", (forms.RadioSelect,)),
            ("checkbox", (forms.CheckboxInput,)),
            ("select", (forms.Select,)),
            ("date", (GovDateWidget,)),
            ("file", (forms.FileInput,)),
        ):
            if isinstance(widget, classes):
                return kind
        if isinstance(widget, forms.Textarea):
            return "count" if self.max_length else "textarea"
        return "text"

    @property
    def template_name(self):
        return self.field.template_name or f"ui/forms/{self.kind}.html"

    @property
    def max_length(self):
        return getattr(self.field, "max_length", None)

    @property
    def data(self):
        """What was sent, with line ends as one character: the browser's count and ours must agree."""
        value = super().data
        return value.replace("\r\n", "\n") if isinstance(value, str) else value

    def value(self):
        return printable(super().value())

    @cached_property
    def error(self):
        """The first error's sentence, or nothing: one thing to put right at a time."""
        return self.errors[0] if self.errors else ""

    @cached_property
    def wrong_parts(self):
        """The boxes of a date that are wrong; all of them where the error does not say."""
        if not self.errors:
            return ()
        first = self.errors.as_data()[0]
        named = (first.params or {}).get("parts") if isinstance(first.params, dict) else None
        return named or getattr(self.field.widget, "parts", PARTS)

    @property
    def error_target(self):
        """Id of the control that the error summary links to: the first wrong part."""
        if self.kind == "date":
            parts = self.field.widget.parts
            return f"{self.auto_id}_{min(self.wrong_parts, key=parts.index) if self.wrong_parts else parts[0]}"
        if self.kind in {"radios", "checkboxes"}:
            return self.options[0]["id"] if self.options else self.auto_id
        return self.id_for_label

    @property
    def hint_id(self):
        return f"{self.auto_id}-hint"

    @property
    def error_id(self):
        return f"{self.auto_id}-error"

    @property
    def aria_describedby(self):
        """Ids of the count, hint and error, in the order of the GOV.UK macros; None where there is none."""
        ids = [f"{self.auto_id}-info"] if self.kind == "count" else []
        if self.help_text:
            ids.append(self.hint_id)
        if self.errors:
            ids.append(self.error_id)
        return " ".join(ids) or None

    def build_widget_attrs(self, attrs, widget=None):
        widget = widget or self.field.widget
        attrs = super().build_widget_attrs(attrs, widget)
        attrs.pop("required", None)
        attrs.pop("aria-invalid", None)
        # A `maxlength` cuts a pasted text without a word; ours is said in a sentence instead.
        attrs["maxlength"] = attrs["minlength"] = False
        # Neither does a placeholder stand in for a label or a hint.
        attrs["placeholder"] = False
        if widget.is_hidden:
            attrs.pop("aria-describedby", None)
        if self.kind == "date":
            attrs["wrong_parts"] = self.wrong_parts
        if self.kind in INPUT_KINDS and widget is self.field.widget:
            attrs["class"] = self._classes(widget)
        return attrs

    def _classes(self, widget):
        base = {"text": "input", "count": "textarea", "file": "file-upload"}.get(self.kind, self.kind)
        classes = [f"govuk-{base}"]
        if self.kind == "count":
            classes.append("govuk-js-character-count")
        if self.errors:
            classes.append(f"govuk-{base}--error")
        return " ".join([*classes, *widget.attrs.get("class", "").split()])

    @cached_property
    def options(self):
        """Choices of radios and checkboxes: dicts of id, name, value, label, checked, disabled, hint and reveals."""
        widget = self.field.widget
        hints = getattr(widget, "hints", {})
        reveals = getattr(self.form, "revealed_by", lambda name: {})(self.name)
        items = []
        for group, options, _ in widget.optgroups(self.html_name, self._chosen(), {"id": self.auto_id}):
            for option in options:
                value = str(option["value"])
                items.append(
                    {
                        "id": option["attrs"].get("id"),
                        "name": option["name"],
                        "value": value,
                        "label": option["label"],
                        "group": group,
                        "checked": option["selected"],
                        "disabled": self.field.disabled or option["attrs"].get("disabled", False),
                        "hint": hints.get(option["value"], hints.get(value, "")),
                        "reveals": reveals.get(value, ()),
                    }
                )
        return items

    def _chosen(self):
        value = self.value()
        if value is None:
            return []
        values = value if isinstance(value, (list, tuple, set)) else [value]
        return [str(getattr(item, "pk", item)) for item in values]

    @property
    def checked(self):
        """Whether a single checkbox is ticked."""
        return bool(self.field.widget.check_test(self.value()))


class PortalRenderer(TemplatesSetting):
    """FORM_RENDERER: the project's templates and the bound field above, for every form of every app."""

    form_template_name = "ui/forms/form.html"
    formset_template_name = "ui/forms/formset.html"
    field_template_name = "ui/forms/text.html"
    bound_field_class = PortalBoundField


class GovFormMixin:
    """Defaults of every form of the portal; put it before forms.Form or forms.ModelForm.

    `reveals = {"known": {"yes": ("teams",)}}` draws the field `teams` inside the choice 'yes' of `known`; where another
    choice is made its answer is dropped and its errors with it. `fieldsets = (("Legend", ("a", "b")), ...)` groups
    fields; a field in no group comes last. Texts are limited (255 for a line, 10,000 for a text area) unless the field
    says otherwise. No field is left with Django's 'This field is required.'
    """

    use_required_attribute = False
    reveals: dict = {}
    fieldsets: tuple = ()

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            self._finish(name, field)

    def _finish(self, name, field):
        words = spoken(field.label or name.replace("_", " ")).removeprefix("the ")
        if isinstance(field, GovDateField):
            field.subject = words = field.subject or subject_of(words)
        label = str(field.label or words).strip()
        it, It = named(words, label)
        quoted = it == It
        messages = field.error_messages
        if str(messages.get("required", "")) == str(gettext_lazy("This field is required.")):
            picks = isinstance(field, (forms.ChoiceField, forms.ModelChoiceField, forms.FileField))
            messages["required"] = f"Answer {it}" if quoted else f"{'Select' if picks else 'Enter'} {it}"
        if isinstance(field, (forms.ChoiceField, forms.ModelChoiceField)):
            # Django's own sentence repeats what was sent, which may be anything.
            for code in ("invalid_choice", "invalid_pk_value", "invalid_list"):
                if code in messages:
                    messages[code] = f"Choose {'an answer to ' if quoted else ''}{it} from what is shown"
        if getattr(field, "empty_label", None) == "---------":
            field.empty_label = "Choose one"
        if isinstance(field, forms.CharField) and not isinstance(field, (forms.UUIDField, forms.JSONField)):
            self._limit(field, It)
        if isinstance(field, (forms.IntegerField, forms.FloatField, forms.DecimalField)):
            messages["invalid"] = f"{It} must be a number, like 12"
            for code, bound in (("min_value", "more"), ("max_value", "less")):
                messages.setdefault(code, f"{It} must be %(limit_value)s or {bound}")

    def _limit(self, field, it):
        if not any(validator is storable for validator in field.validators):
            field.validators = [*field.validators, storable]
        # A NUL is one of the characters that `storable` names in a whole sentence.
        field.validators = [
            each for each in field.validators if type(each).__name__ != "ProhibitNullCharactersValidator"
        ]
        if field.max_length is None:
            limit = TEXT_LIMIT if isinstance(field.widget, forms.Textarea) else LINE_LIMIT
            field.validators = [*field.validators, MaxLengthValidator(limit)]
        if "max_length" not in field.error_messages:
            field.error_messages["max_length"] = (
                f"{it} must be %(limit_value)d characters or fewer; it is now %(show_value)d"
            )

    def revealed_by(self, name):
        """{choice value: tuple of bound fields} of the fields that the choices of `name` reveal."""
        return {
            str(value): tuple(self[child] for child in children)
            for value, children in self.reveals.get(name, {}).items()
        }

    @property
    def hidden_inside(self):
        """Names of the fields that are drawn inside a choice."""
        return {child for choices in self.reveals.values() for children in choices.values() for child in children}

    def groups(self):
        """What form.html draws: dicts of legend (may be empty) and fields (bound, visible, not revealed by another)."""
        inside = self.hidden_inside
        shown = [field.name for field in self.visible_fields() if field.name not in inside]
        named = [
            {"legend": legend, "fields": [self[name] for name in names if name in shown]}
            for legend, names in self.fieldsets
        ]
        grouped = {name for _, names in self.fieldsets for name in names}
        rest = [self[name] for name in shown if name not in grouped]
        return [group for group in [*named, {"legend": "", "fields": rest}] if group["fields"]]

    def _clean_form(self):
        # Before clean(): its cross-field rules must not see an answer that was not asked for.
        self._drop_hidden_answers()
        super()._clean_form()

    def _drop_hidden_answers(self):
        for parent, choices in self.reveals.items():
            chosen = self.cleaned_data.get(parent)
            chosen = {str(value) for value in chosen} if isinstance(chosen, (list, set, tuple)) else {str(chosen)}
            kept = {child for value, children in choices.items() if str(value) in chosen for child in children}
            for child in {name for children in choices.values() for name in children} - kept:
                self._errors.pop(child, None)
                self.cleaned_data[child] = self.fields[child].to_python(None)


class GovForm(GovFormMixin, forms.Form):
    """A form of the portal."""
