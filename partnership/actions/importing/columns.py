"""What the columns of logs are called in partnerships' spreadsheets, and what each is here."""

from dataclasses import dataclass

from partnership.actions.models import LogImport
from partnership.documents.tables.reading import Column, Layout, plain

K = LogImport.Kind
SAID = "said"  # the one kind of column that a log may have several of: update, comments, notes
SHARED = {
    "ref": ("Number or reference", ("Ref", "Ref no", "Reference", "No", "Number", "Action no", "Risk no", "ID",
                                    "Action ref", "Risk ref", "Item", "Item no")),
    "owner": ("Who owns it", ("Lead", "Owner", "Action owner", "Risk owner", "Who", "By whom", "Responsible",
                              "Lead officer", "Lead person", "Lead name", "Assigned to", "Responsible person",
                              "Lead / agency", "Lead and agency", "Who leads", "Action by", "Person responsible")),
    "agency": ("Which organisation", ("Agency", "Organisation", "Lead agency", "Partner", "Responsible agency",
                                      "Lead organisation", "Partner agency", "Service")),
    "status": ("Whether it goes on", ("Status", "Open / closed", "Open or closed", "State", "Action status",
                                      "Risk status", "Complete", "Completed", "Complete Y/N")),
    SAID: ("Update or comments", ("Update", "Updates", "Update / comments", "Comments", "Comment", "Progress",
                                  "Progress update", "Latest update", "Notes", "Narrative", "Position",
                                  "Comments / update")),
}  # fmt: skip
OF_ACTIONS = {
    "what": ("What will be done", ("Action", "Actions", "Action required", "Agreed action", "Action agreed", "Task",
                                   "What", "Action point", "Action description", "What needs to be done", "Description",
                                   "Actions required", "Actions agreed")),
    "due": ("By when", ("By when", "Due", "Due date", "Date due", "Deadline", "Target date", "Timescale", "Timescales",
                        "When", "Target", "Completion date", "Target completion date", "Due by", "Complete by")),
    "agreed": ("Agreed on", ("Date raised", "Date agreed", "Raised", "Date of meeting", "Meeting date", "Date added",
                             "Date set", "Agreed on", "Meeting")),
    "rag": ("Rating (RAG)", ("RAG", "RAG rating", "RAG status", "BRAG", "BRAG rating", "Rating", "RAG-rating")),
    "success": ("How one will see that it worked", ("Outcome", "Success measure", "Expected outcome",
                                                    "Intended outcome", "Desired outcome", "Measure of success")),
    "closed": ("Closed on", ("Date closed", "Date completed", "Completed on", "Closed on", "Completion",
                             "Actual completion date")),
}  # fmt: skip
OF_RISKS = {
    "what": ("What may happen", ("Risk", "Risk description", "Risk title", "Description", "Description of risk",
                                 "Description of the risk", "Risk event", "What may happen", "The risk")),
    "cause": ("Why it may happen", ("Cause", "Causes", "Because", "Risk cause", "Trigger")),
    "effect": ("What would follow", ("Effect", "Effects", "Consequence", "Consequences", "Impact description",
                                     "Leading to", "Potential impact")),
    "likelihood": ("Likelihood", ("Likelihood", "Likelihood (1-5)", "Probability", "L", "Residual likelihood",
                                  "Current likelihood")),
    "impact": ("Impact", ("Impact", "Impact (1-5)", "Severity", "I", "Residual impact", "Current impact")),
    "controls": ("What is in place against it", ("Controls", "Existing controls", "Controls in place", "Mitigation",
                                                 "Mitigations", "Mitigating actions", "Current controls",
                                                 "Mitigation in place")),
    "review": ("Looked at again on", ("Review date", "Next review", "Date of review", "Review", "Review by",
                                      "Next review date")),
    "closed": ("Closed on", ("Date closed", "Closed on")),
}  # fmt: skip
KNOWN = {K.ACTIONS: OF_ACTIONS | SHARED, K.RISKS: OF_RISKS | SHARED}
NEEDED = {K.ACTIONS: ("what",), K.RISKS: ("what", "likelihood", "impact")}


@dataclass(frozen=True)
class _Name:
    code: str
    at: int


def layout_of(kind) -> Layout:
    """By which the row of the headings is found; every column is kept."""
    columns = tuple(Column(code, names) for code, (_, names) in KNOWN[kind].items())
    return Layout(columns=columns, grouped=True, whole=True)


def proposed(kind, headings) -> dict:
    """Place of a column (as text) -> what it is by its heading. Each code once, by the first of its names that the log
    has; columns of updates as many as there are."""
    known = {plain(name): _Name(code, at) for code, (_, names) in KNOWN[kind].items() for at, name in enumerate(names)}
    found = {}
    named = [(known[plain(words)], place) for place, words in enumerate(headings) if plain(words) in known]
    for name, place in sorted(named, key=lambda each: (each[0].at, each[1])):
        if name.code == SAID or name.code not in found.values():
            found[str(place)] = name.code
    return dict(sorted(found.items(), key=lambda each: int(each[0])))


def label_of(kind, code) -> str:
    return KNOWN[kind][code][0]


def by_code(columns, cells) -> dict:
    """code -> the text of a row; several columns of updates under each other."""
    found = {}
    for place, code in columns.items():
        words = cells[int(place)].strip() if int(place) < len(cells) else ""
        if words:
            found[code] = f"{found[code]}\n{words}" if code in found else words
    return found
