"""The form of one question of a draft: what is asked, how it is answered, of whom, and which question it is."""

from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError

from audits.asking import STANDARD_SCALES, scale_of
from audits.facts import FACTS, choices_of
from audits.models import Wording
from audits.sets import typed, wordings
from audits.sets.forms import line
from partnership.access.forms import PortalForm
from partnership.ui.forms import GovCheckboxes, GovRadios, required, words

Kind = Wording.Kind
GAPS = {"rag_gaps": Kind.RAG, "score_gaps": Kind.SCORE, "yes_no_gaps": Kind.YES_NO}
RULES = {
    "required": ("It has to be answered", "A return is not complete without it."),
    "may_not_apply": ("‘Does not apply’ is an answer", "With a reason, which is asked for."),
    "wants_evidence": ("Evidence is asked for", "A file or an address, with its date."),
    "of_trust": (
        "An academy trust may answer it once for its schools",
        "Each school confirms it or answers otherwise.",
    ),
}
YES_NO = [{"code": "yes", "label": "Yes", "counts": True}, {"code": "no", "label": "No", "counts": False}]
SCALE_HINT = (
    "One answer a line, the best first. Behind a colon say what figures make of it: ‘Met: counts’, ‘Partly met: gap’, "
    "‘Not known: left out’. ‘counts’: it is counted in percentages. ‘gap’: an action may follow. ‘left out’: the base "
    "of percentages is without it."
)
AFTER_WHICH = "Tick after which answers to {} this is asked: {}"
NOT_ITS_OWN = "{} is not answered {}. Tick among its answers: {}"
NONE_OF_IT = "Choose whom it is asked of, or select ‘Everybody of the round’"


def _gaps(kind):
    choices = [(code, label) for code, label, _ in STANDARD_SCALES[kind]]
    return forms.MultipleChoiceField(
        label="Which answers are a gap?", choices=choices, required=False, widget=GovCheckboxes(small=True),
        help_text="An action may follow from a gap.",
    )  # fmt: skip


class WordingForm(PortalForm):
    """asking: of the draft. before: `wordings.asked_before` of it. row: the wording that is changed, if it is no new
    one."""

    fieldsets = (
        ("The question", ("section", "ref", "text", "guidance", "links")),
        ("How it is answered", ("kind", "rules")),
        ("Who is asked", ("who", "asks")),
        ("Which question it is", ("meaning",)),
    )

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    section = forms.ChoiceField(label="Section")
    ref = line("Number", most=10, missing="Enter the number of the question", hint="As people see it, like 1j.")
    text = words("The question, in full", "Enter the question", rows=3, most=1000)
    guidance = words("Guidance", rows=3, most=4000, help_text="Short. Name the law or guidance on which it stands.")
    links = forms.CharField(
        label="Links", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="One a line: the words, then the address.",
    )  # fmt: skip
    kind = forms.ChoiceField(
        label="Kind of answer",
        choices=Kind.choices,
        widget=GovRadios,
        error_messages=required("Select the kind of answer"),
    )
    scale = forms.CharField(
        label="Its answers",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=SCALE_HINT,
    )
    rag_gaps = _gaps(Kind.RAG)
    score_gaps = _gaps(Kind.SCORE)
    no_partly = forms.BooleanField(label="Yes or no only: ‘Partly’ is not offered", required=False)
    yes_no_gaps = _gaps(Kind.YES_NO)
    unit = line("What is counted?", most=40, hint="A word that stands behind the number, like visits.")
    not_future = forms.BooleanField(label="It asks when something was last done: no day after today", required=False)
    columns = forms.CharField(
        label="Headings of its columns", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One a line. Whoever answers adds rows.",
    )  # fmt: skip
    rules = forms.MultipleChoiceField(
        label="What else holds for it?", choices=[(name, label) for name, (label, _) in RULES.items()], required=False,
        widget=GovCheckboxes(hints={name: hint for name, (_, hint) in RULES.items()}),
    )  # fmt: skip
    who = forms.ChoiceField(
        label="Whom is it asked of?", choices=[("all", "Everybody of the round"), ("some", "Some of them")],
        widget=GovRadios, initial="all", error_messages=required("Select whom it is asked of"),
    )  # fmt: skip
    asks = forms.ChoiceField(
        label="When is it asked?", choices=[("always", "Always"), ("after", "After an answer to another question")],
        widget=GovRadios, initial="always", error_messages=required("Select when it is asked"),
    )  # fmt: skip
    shown_if = forms.ChoiceField(label="After which question?", error_messages=required("Select the question"))
    shown_after = forms.MultipleChoiceField(
        label="After which of its answers?", required=False, widget=GovCheckboxes(small=True),
        help_text="Tick one or more. The answers of all questions of this version stand here, each once.",
    )  # fmt: skip
    meaning = forms.ChoiceField(
        label="Which question is it?", widget=GovRadios,
        error_messages=required("Select which question it is: years are compared by it"),
    )  # fmt: skip
    question = forms.ChoiceField(
        label="Which question was it?", error_messages=required("Select which question it was")
    )
    label = line(
        "What it measures, in a few words",
        missing="Enter what it measures, in a few words",
        hint="For grids and charts.",
    )
    follows = forms.MultipleChoiceField(
        label="Does it go on from earlier questions?", required=False, widget=GovCheckboxes(small=True),
        help_text="Tick two or more that were merged into it, or the one of which it was split. They stand beside each "
        "other in comparisons; no difference is counted.",
    )  # fmt: skip

    def __init__(self, *args, asking, before, row=None, **kwargs):
        self.asking, self.row, self.before = asking, row, before
        super().__init__(*args, **kwargs)
        self.fields["section"].choices = [(str(each.pk), f"{each.ref} {each.title}") for each in asking.sections]
        self._choose_who()
        self._choose_condition()
        self._choose_meaning()
        inside = {name: () for name in Kind.values} | {Kind.SCALE: ("scale",), Kind.RAG: ("rag_gaps",)}
        inside |= {Kind.SCORE: ("score_gaps",), Kind.YES_NO: ("no_partly", "yes_no_gaps")}
        inside |= {Kind.NUMBER: ("unit",), Kind.DATE: ("not_future",), Kind.TABLE: ("columns",)}
        self.reveals = {
            "kind": {kind: names for kind, names in inside.items() if names},
            "who": {"some": tuple(f"of_{name}" for name in self.offered)},
            "asks": {"after": ("shown_if", "shown_after")},
            "meaning": self.meanings,
        }

    def _choose_who(self):
        applies = self.row.applies if self.row else {}
        self.offered = [name for name in FACTS if name not in ("area", "district") or applies.get(name)]
        for name in self.offered:
            field = forms.MultipleChoiceField(
                label=FACTS[name], choices=choices_of(name, applies.get(name, ())), required=False,
                widget=GovCheckboxes(small=True),
            )  # fmt: skip
            self.fields[f"of_{name}"] = field
            self._finish(f"of_{name}", field)

    def _choose_condition(self):
        mine = self.row.question_id if self.row else None
        rows = [each for each in self.asking.wordings if each.kind in Wording.CHOSEN and each.question_id != mine]
        self.answers = {str(each.question_id): {label: code for code, label, _ in scale_of(each)} for each in rows}
        named = [
            (pk, f"{each.ref} {each.question.label} ({', '.join(answers)})")
            for each, (pk, answers) in zip(rows, self.answers.items(), strict=True)
        ]
        self.fields["shown_if"].choices = [("", "Choose a question"), *named]
        # By their words: one step for all questions, and without JavaScript the same.
        every = dict.fromkeys(label for answers in self.answers.values() for label in answers)
        self.fields["shown_after"].choices = [(label, label) for label in every]

    def _choose_meaning(self):
        taken = {each.question_id for each in self.asking.wordings}
        free = [(str(row.pk), f"{ref}: {row.label}") for row, ref in self.before if row.pk not in taken]
        every = [(str(row.pk), f"{ref}: {row.label}") for row, ref in self.before]
        new = self.row is not None and wordings.is_new(self.row.question)
        self.meanings, choices = {}, []
        if self.row is not None:
            choices.append(
                ("same", "It is the same question as before" if not new else "It is a new question, as it is")
            )
            if new:
                self.meanings["same"] = ("label",)
        if free:
            choices.append(("before", "It is a question that was asked before, under another number"))
            self.meanings["before"] = ("question",)
            self.fields["question"].choices = [("", "Choose a question"), *free]
        else:
            del self.fields["question"]
        if not new:
            choices.append(("new", "It asks something new" if self.row else "Yes, it is new"))
            self.meanings["new"] = ("label", "follows") if every else ("label",)
        if every and not new:
            self.fields["follows"].choices = every
        else:
            del self.fields["follows"]
        self.fields["meaning"].choices = choices

    def clean(self):
        cleaned = super().clean()
        self._clean_answers(cleaned)
        if cleaned.get("who") == "some" and not any(cleaned.get(f"of_{name}") for name in self.offered):
            self.add_error("who", NONE_OF_IT)
        if cleaned.get("asks") == "after" and cleaned.get("shown_if"):
            self._clean_condition(self._hangs_on(), cleaned.get("shown_after") or [])
        return cleaned

    def _hangs_on(self):
        """The wording after which this is asked."""
        return self.asking.of_question[UUID(self.cleaned_data["shown_if"])]

    def _clean_condition(self, before, ticked):
        own = self.answers[str(before.question_id)]
        offered = ", ".join(f"‘{label}’" for label in own)
        if not ticked:
            self.add_error("shown_after", AFTER_WHICH.format(before.ref, offered))
        elif strange := [f"‘{label}’" for label in ticked if label not in own]:
            self.add_error("shown_after", NOT_ITS_OWN.format(before.ref, " or ".join(strange), offered))

    def _clean_answers(self, cleaned):
        """Reads what was typed line by line; `as_typed` is what facts() keeps of it."""
        now = self.row.scale if self.row and self.row.kind == Kind.SCALE else []
        self.as_typed = {"links": [], "columns": [], "scale": ([], [])}
        readers = {"links": typed.links_typed, "columns": typed.columns_typed}
        for name, read in (*readers.items(), ("scale", lambda text: typed.scale_typed(text, now))):
            try:
                self.as_typed[name] = read(cleaned.get(name))
            except ValidationError as wrong:
                self.add_error(name, wrong)

    def facts(self) -> dict:
        """What `wordings.add_wording` and `change_wording` take."""
        said, kind = self.cleaned_data, self.cleaned_data["kind"]
        scale, gaps = self.as_typed["scale"] if kind == Kind.SCALE else ([], [])
        if found := next((name for name, each in GAPS.items() if each == kind), None):
            gaps = list(said[found])
        if kind == Kind.YES_NO and said["no_partly"]:
            scale, gaps = YES_NO, [code for code in gaps if code != "partly"]
        applies = {name: said[f"of_{name}"] for name in self.offered if said[f"of_{name}"]}
        before = self._hangs_on() if said["asks"] == "after" else None
        return {
            **{name: said[name].strip() for name in ("ref", "text", "guidance")},
            **{name: name in said["rules"] for name in RULES},
            "kind": kind, "links": self.as_typed["links"], "scale": scale, "gap_codes": gaps,
            "columns": self.as_typed["columns"] if kind == Kind.TABLE else [],
            "unit": said["unit"] if kind == Kind.NUMBER else "",
            "not_future": kind == Kind.DATE and said["not_future"],
            "applies": applies if said["who"] == "some" else {},
            "shown_if": before and before.question,
            "shown_codes": [self.answers[said["shown_if"]][label] for label in said["shown_after"]] if before else [],
        }  # fmt: skip

    def meant(self) -> dict:
        """Which question it is, as `wordings` takes it; {} for the one that it is already."""
        said, by_pk = self.cleaned_data, {str(row.pk): row for row, _ in self.before}
        if said["meaning"] == "before":
            return {"question": by_pk[said["question"]]}
        if said["meaning"] == "new":
            return {"label": said["label"], "follows": [by_pk[pk] for pk in said.get("follows", ())]}
        return {}

    def place(self):
        return next(each for each in self.asking.sections if each.pk == UUID(self.cleaned_data["section"]))


def as_saved(row, asking) -> dict:
    """The initial values of the form of a wording. asking: of its version."""
    plain = ("ref", "text", "guidance", "kind", "unit", "not_future")
    before = asking.of_question.get(row.shown_if_id)
    gaps = {name: row.gap_codes if row.kind == kind else [] for name, kind in GAPS.items()}
    return {
        **{name: getattr(row, name) for name in plain}, **gaps, "section": str(row.section_id),
        "links": typed.links_said(row.links), "columns": typed.columns_said(row.columns),
        "scale": typed.scale_said(row.scale, row.gap_codes) if row.kind == Kind.SCALE else "",
        "no_partly": row.kind == Kind.YES_NO and bool(row.scale),
        "rules": [name for name in RULES if getattr(row, name)],
        "who": "some" if row.applies else "all", **{f"of_{name}": values for name, values in row.applies.items()},
        "asks": "after" if row.shown_if_id else "always", "shown_if": str(row.shown_if_id or ""),
        "shown_after": [label for code, label, _ in (scale_of(before) if before else ()) if code in row.shown_codes],
        "meaning": "same", "label": row.question.label,
    }  # fmt: skip
