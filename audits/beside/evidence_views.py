"""The evidence of an organisation: its list, a piece, what stands under a question, and the download of a file."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse

from audits.answering import services as answering
from audits.beside import evidence_reads, forms
from audits.beside import evidence_services as services
from audits.models import AuditReturn, Evidence
from audits.tabs import tabs_of_return
from partnership.access.page import page
from partnership.access.replies import Clash, act_on, clash_page, differing, form_page, posted, pressed
from partnership.access.rows import allowing, powers
from partnership.documents.reads import newest_of
from partnership.documents.views import give
from partnership.people.roles import Perm
from partnership.ui.listing import id_of, page_number

ADDED = "‘{}’ is among your evidence."
OF_THE_RETURN = ("agency", "round__set_version")


def _held(request, row):
    """What this reader holds. Who does not answer for the organisation, and sends something, is refused."""
    held = powers(request.user, [row])[row.pk]
    if request.method == "POST" and Perm.ANSWERS_WRITE not in held:
        raise PermissionDenied
    return held


@page(Perm.ANSWERS_VIEW, AuditReturn, related=OF_THE_RETURN)
def evidence(request, row):
    """All evidence of the organisation, of earlier rounds too, and a form to add to it."""
    held = _held(request, row)
    old = _followed(request, row)
    form = _add_form(request, old)
    chosen = request.GET.get("show", "")
    chosen = chosen if chosen in evidence_reads.LISTS else ""
    number = page_number(request.GET.get("page", ""))
    context = {
        "row": row, "old": old, "chosen": chosen, "lists": list(evidence_reads.LISTS.items()),
        "writes": Perm.ANSWERS_WRITE in held, "tabs": tabs_of_return(row, held, here="audits:evidence"),
        "found": evidence_reads.of_organisation(request.user, row, chosen=chosen, page=number),
    }  # fmt: skip

    def act():
        return services.add(row, by=request.user, instead=old, **form.facts())

    def said(made):
        return ADDED.format(made.title), "audits:evidence_piece", made.pk

    return act_on(request, form, act, "audits/evidence.html", said, **context)


def _add_form(request, old=None, *, bound=True):
    initial = {}
    if old is not None:
        initial = {
            "title": old.title,
            "address": old.address,
            "instead": old.pk,
            "what": forms.FILE if old.document_id else forms.ADDRESS,
        }
    data, files = (posted(request), request.FILES or None) if bound else (None, None)
    return forms.AddForm(data, files, user=request.user, initial=initial, auto_id="add_%s")


def _followed(request, row):
    """The piece in whose place a new one is to be put, of the same organisation."""
    found = id_of(request.POST.get("instead") or request.GET.get("instead"))
    rows = allowing(Evidence, request.user, Perm.ANSWERS_WRITE).filter(agency=row.agency_id, put_away_at=None)
    return rows.filter(pk=found).first() if found else None


@page(Perm.ANSWERS_WRITE, AuditReturn, related=OF_THE_RETURN)
def evidence_for(request, row):
    """What stands under one question, named by `wording`: chosen from all that the organisation has, or added."""
    asked = evidence_reads.asked_of(row)
    named = id_of(request.POST.get("wording") or request.GET.get("wording"))
    wording = next((each for each in asked if each.pk == named), None)
    if wording is None and request.method == "POST":
        raise Http404
    if wording is None:
        return redirect("audits:evidence", row.pk)
    here = evidence_reads.of_answers(request.user, row).get(wording.question_id, [])
    adds = "add" in request.POST
    data = None if adds else posted(request)
    form = forms.ChosenForm(data, user=request.user, row=row, question_id=wording.question_id, here=here)
    add_form = _add_form(request, bound=adds)
    context = {
        "row": row, "wording": wording, "here": here, "shut": answering.why_shut(row), "choice": form,
        "add_form": add_form,
    }  # fmt: skip

    def act():
        if adds:
            return services.add(row, by=request.user, under=[wording], **add_form.facts())
        put, off = form.changes()
        return services.arrange(
            row, by=request.user, put=[(wording, each) for each in put], off=[(wording, each) for each in off]
        )

    where = (f"{request.path}?wording={wording.pk}",)
    said = ("It stands under the question." if adds else "Saved.", *where)
    return act_on(
        request, add_form if adds else form, act, "audits/evidence_for.html", said, stale_url=request.path, **context
    )


@page(Perm.ANSWERS_VIEW, Evidence, related=("agency", "folder"))
def evidence_piece(request, piece):
    """One piece: what is said of it, under which questions it stands, put away and brought back."""
    writes = Perm.ANSWERS_WRITE in _held(request, piece)
    do = request.POST.get("do", "")
    act = {"away": services.put_away, "back": services.bring_back}.get(do)
    if act:
        said = "It is put away." if do == "away" else "It is brought back."
        return pressed(request, lambda: act(piece, by=request.user), said, "audits:evidence_piece", piece.pk)
    returns = [(row, evidence_reads.asked_of(row)) for row in evidence_reads.written_of(request.user, piece)]
    places = evidence_reads.places_of(request.user, piece)
    here = {(row.pk, wording.question_id) for row, wordings in places for wording in wordings}
    under = forms.UnderForm(
        posted(request) if do == "under" else None, user=request.user, returns=returns if writes else [], here=here,
        auto_id="under_%s",
    )  # fmt: skip
    initial = {name: getattr(piece, name) for name in services.FACTS} | {"read": services.mark_of(piece)}
    said_of = forms.PieceForm(
        None if do == "under" else posted(request), user=request.user, piece=piece, initial=initial
    )
    (shown,) = evidence_reads.pieces_of([piece])
    at = returns[0][0] if returns else next((row for row, _ in places), None)
    newer = returns[0][0] if returns else None  # the return from whose page a newer one is added
    context = {
        "piece": shown, "row": piece, "places": places, "writes": writes, "under": under, "said_of": said_of,
        "list_url": reverse("audits:evidence", args=[at.pk]) if at else "",
        "newer_url": f"{reverse('audits:evidence', args=[newer.pk])}?instead={piece.pk}#add" if newer else "",
    }  # fmt: skip
    form = under if do == "under" else said_of

    def save():
        if do != "under":
            return services.change(piece, by=request.user, read=said_of.cleaned_data["read"], **said_of.facts())
        for row, (put, off) in under.changes().items():
            services.arrange(
                row, by=request.user, put=[(each, piece) for each in put], off=[(each, piece) for each in off]
            )
        return piece

    def stale(error):
        return _clash(request, form, error, piece, context)

    return act_on(
        request, form, save, "audits/evidence_piece.html", ("Saved.", "audits:evidence_piece", piece.pk),
        on_stale=stale, **context,
    )  # fmt: skip


def _clash(request, form, error, piece, context):
    """What was typed stands beside what is saved; a return that went meanwhile is said above the form."""
    if form is context["under"]:
        form.put_errors(error)
        return form_page(request, "audits/evidence_piece.html", form, **context)
    now = Evidence.objects.visible_to(request.user).get(pk=piece.pk)
    facts = {name: getattr(now, name) for name in services.FACTS}
    clash = Clash(error.messages[0], differing(form, facts))
    hidden = {"read": services.mark_of(now)}
    return clash_page(request, "audits/evidence_piece.html", form, clash, hidden=hidden, **context)


@page(Perm.ANSWERS_VIEW, Evidence, downloads=True, methods=("GET",))
def evidence_file(request, piece):
    """The one way to the file of a piece, with the reader's name on it where the format can carry it."""
    version = newest_of([piece.document_id] if piece.document_id else [], why="the page has asked for its piece")
    if piece.document_id not in version:
        raise Http404
    return give(request, version[piece.document_id])
