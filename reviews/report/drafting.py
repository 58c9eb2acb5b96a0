"""What the sources of a review give for each section: pseudonyms and age bands only, submitted returns only.

Of a return it takes the analysis, the voice, the learning and what was done. The family's composition and the list of
contacts stay in the return: the Panel asks for the facts with an analysis of key practice episodes, and for analysis
rather than narrative (statutory.md section 3), and no more of a family's life leaves the portal than that needs.
"""

from partnership.ui.dates import plain
from reviews.findings import reads as findings
from reviews.models import Decision, Notification, ReportSection
from reviews.report.blocks import HEADING, POINT
from reviews.return_reads import returns_that_stand

Code = ReportSection.Code


def drafts(user, review) -> dict:
    """Code -> the text that the sources give now, '' where they give none; by the row rule of `user`."""
    notice = Notification.objects.visible_to(user).get(review=review)
    returns = returns_that_stand(user, review)
    found = findings.findings(user, review)
    decision = Decision.objects.visible_to(user).filter(review=review).first()
    written = {
        Code.NOTIFIED: [notice.what_happened],
        Code.FACTS: map(_episode, found["episodes"]),
        Code.LIVES: [
            _of_return(row, voice="The child’s experience. ", inequality="Culture, disability and inequality. ")
            for row in returns
        ],
        Code.AGENCIES: map(_agency, returns),
        Code.IMMEDIATE: [
            notice.safety,
            "\n".join(POINT + _safety(row) for row in found["safety_actions"]),
            *(_of_return(row, immediate_action="") for row in returns),
        ],
        Code.IMPROVEMENTS: [
            _themes(found["themes"]),
            *(_recommendation(number, row) for number, row in enumerate(found["recommendations"], start=1)),
        ],
        Code.NEXT: [decision.get_code_display() + ".", decision.rationale] if decision else [],
    }
    return {code: _paragraphs(written.get(code, ())) for code in Code}


def _paragraphs(parts) -> str:
    return "\n\n".join(part.strip() for part in parts if part and part.strip())


def _line(words) -> str:
    return " ".join(words.split())


def _episode(row):
    analysis = f"Analysis. {row.analysis.strip()}" if row.analysis.strip() else ""
    days = f"{row.days}. " if row.days else ""
    return _paragraphs([HEADING + _line(row.title), f"{days}{row.concerned}", row.happened, analysis])


def _of_return(row, **lead) -> str:
    """Under the organisation's name, these answers of its return; '' where it has none. lead: name -> first words."""
    texts = {name: getattr(row, name).strip() for name in lead}
    said = [f"{lead[name]}{text}" for name, text in texts.items() if text]
    return _paragraphs([HEADING + row.about_name, *said]) if said else ""


def _agency(row):
    if row.nil_return:
        words = f"Searched its records on {plain(row.searched_on)} and has no record of the children or family."
        return _paragraphs([HEADING + row.about_name, words])
    return _of_return(row, analysis="Analysis of practice. ", good_practice="Good practice. ", learning="Learning. ")


def _safety(row):
    beside = ", ".join(filter(None, [row.concerned, plain(row.done_on) if row.done_on else ""]))
    return f"{_line(row.what)} ({beside})" if beside else _line(row.what)


def _themes(found):
    return "\n".join([f"{HEADING}Themes", *(f"{POINT}{_line(title)}" for title, _ in found)]) if found else ""


def _recommendation(number, row):
    concerned = f"For: {row.concerned}" if row.concerned else ""
    success = f"Success looks like: {row.success.strip()}" if row.success.strip() else ""
    return _paragraphs([f"{HEADING}Recommendation {number}", row.words, concerned, success])
