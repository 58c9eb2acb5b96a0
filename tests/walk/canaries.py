"""Which markers and code words a persona may meet. By hand, like the tables: who is not named here meets none.

A marker is `canary-<case>-<what>`, or `canary-<case>-<agency>-<what>` on an agency's return.
"""

import io
import re

from pypdf import PdfReader

from tests.walk.tables import COLUMN_OF
from tests.world import WRITTEN

MARKER = re.compile(rb"canary-(?:ours|theirs)-[a-z0-9_-]*[a-z0-9_]")

IDENTIFIERS = {"name", "other_names", "addresses", "other"}
# The only pages that may show who somebody is; each of them is logged as a reading of identifiers.
IDENTITY_PAGES = {"reviews:identities", "reviews:search_record", "reviews:change_person", "reviews:notification"}
GRANT_PAGES = {"access:people", "directory:account_access"}
# Why somebody is barred, and what a return says to the case lead only, is for those who let people in.
MAY_GRANT = {"lead", "stranger"}

# A referrer reads his own words on these, and nothing that was recorded since but the outcome.
REFERRAL_PAGES = {
    "reviews:referral",
    "reviews:take_back_referral",
    "reviews:attach_file",
    "reviews:start",
    "reporting:home",
    "directory:account_access",
}
SAID_BY_REFERRER = {"safety", "setting", "what_happened", "why", "other_agencies", "other_area", "agreed_by", "word"}

CASE_OF = {"lead": "ours", "case_officer": "ours", "panel": "ours", "signer": "ours", "stranger": "theirs"}
MAY_IDENTIFY = {"lead", "case_officer", "stranger", "author", "guest"}
# An author meets her own return and nothing else of the case; the identifiers to search by while she still owes it.
OWN_RETURN = {"author": "asked", "author_other": "returned"}
# An open group's action: the business unit has every one; 'ours' its people have, its owner, and the owner's lead.
OF_THE_UNIT = {"lead", "case_officer", "unit", "stranger"}
AT_THE_GROUP = {"board_member", "school_outside", "colleague", "lead_same"}
ON_THE_GROUP = {"board_member", "school_outside"}
OF_THE_BOARD = {"board_member", "scrutineer"}
WITHOUT_ROLE = {"nobody", "guest", "outside", "half"}
OF_A_GUEST = {"outside", "purpose", "letter_from", "letter_purpose"}


def met(response) -> set:
    """The markers in a response: its body (a PDF's text too), its headers and cookies."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    text = body + repr(response.headers).encode() + str(response.cookies).encode()
    if body.startswith(b"%PDF"):
        text += text_of_pdf(body)
    return {found.decode() for found in MARKER.findall(text)}


def text_of_pdf(content) -> bytes:
    """The words of a PDF; a marker broken over two lines is put together again."""
    pages = [sheet.extract_text() for sheet in PdfReader(io.BytesIO(content)).pages]
    text = "\n".join(pages)
    return (text + text.replace("-\n", "-").replace("\n", "")).encode()


def body_of(response) -> str:
    body = b"" if response.streaming else response.content
    return body.decode("utf-8", "replace") + repr(response.headers)


def allowed(ground, persona, url, marker) -> bool:
    column = _column(persona)
    _, case, *between, what = marker.split("-")
    agency = "-".join(between)
    if not agency and what in IDENTIFIERS:
        own = "theirs" if column == "stranger" else "ours"
        here = IDENTITY_PAGES if column in CASE_OF else {"reviews:search_record"}
        return column in MAY_IDENTIFY and case == own and url in here
    if what.startswith("ref_"):  # of a case before its review: those of the case, and its referrer what he said
        own = url in REFERRAL_PAGES and what.removeprefix("ref_") in SAID_BY_REFERRER
        return CASE_OF.get(column) == case or (column == "author" and case == "ours" and own)
    if url == "actions:answer_by_link" and what in ("group_title", "group_what"):  # who holds the link, of its owner's
        return case == "ours" and (column == "outside" or persona == "colleague")
    if what == "group_title":  # groups are published: whoever has a role may know that they exist
        return column not in WITHOUT_ROLE
    if what.startswith("work_"):  # of a group's workplan: the unit and the board, its chair, who sits there
        return column in OF_THE_UNIT or persona in OF_THE_BOARD or (case == "ours" and persona == "school_outside")
    if what.startswith("group_"):  # of an open group and its action: the unit, the chair, who sits there, whose it is
        return column in OF_THE_UNIT or (case == "ours" and persona in AT_THE_GROUP)
    if what.startswith("gm_"):  # of a group's meeting: the unit, the chair and who sits there
        return column in OF_THE_UNIT or (case == "ours" and persona in ON_THE_GROUP)
    if what.startswith("ri_"):  # of a restricted item of that meeting: whom it was opened to
        return case == "ours" and column == "lead"
    if what.startswith("cm_"):  # of a case's meeting: the case's people
        return CASE_OF.get(column) == case
    if (
        url == "audits:sign_by_link"
    ):  # whoever holds the link reads the return that it signs, unless signed in as another
        return case == "ours" and column == "outside" and what.startswith("au_")
    if what.startswith("au_"):  # of a school's answers: the unit, and those who lead at that school
        return column in OF_THE_UNIT or (case == "ours" and persona in ("author_other", "school_outside"))
    if what.startswith("tu_"):  # of a trust's shared answers: the unit, and who answers for that trust
        return column in OF_THE_UNIT or (case == "ours" and persona == "lead_other")
    if what.startswith("tr_"):  # of training: the unit, who leads at the school, and who holds a link or a code of it
        if url in ("training:approve_by_link", "training:place_by_link"):
            return case == "ours" and column == "outside"
        if url == "training:check":
            return what in ("tr_filed", "tr_filed_title")
        return column in OF_THE_UNIT or (case == "ours" and persona in ("author_other", "school_outside"))
    if what.startswith("ev_"):  # what somebody says of training: whose it is, the unit; the name, who holds its link
        if url == "training:evaluation_by_link":
            return case == "ours" and column == "outside" and what == "ev_name"
        return column in OF_THE_UNIT or (case == "ours" and persona == "author_other")
    if what.startswith("mt_"):  # of a group's meetings: the unit, the chair, who sits there
        return column in OF_THE_UNIT or (case == "ours" and persona in ("board_member", "school_outside"))
    if what.startswith("mw_"):  # of draft minutes: who writes and checks them
        return column in OF_THE_UNIT or (case == "ours" and persona == "board_member")
    if what.startswith("ms_"):  # what one of the two groups asks the other: those of both
        return column in OF_THE_UNIT or persona in ("board_member", "school_outside")
    if what.startswith("mh_"):  # the same of a restricted decision: those who received it, and who see that decision
        sender = {"ours": "theirs", "theirs": "ours"}[case]
        received = case == "ours" and persona in ("board_member", "school_outside")
        return column in OF_THE_UNIT or received or CASE_OF.get(column) == sender
    if what.startswith("mr_"):  # of a restricted item: those of its folder
        return CASE_OF.get(column) == case
    if what.startswith("log_"):  # of a log of a group that waits: the business unit alone
        return column in OF_THE_UNIT
    if what.startswith("ag_"):  # of a meeting of an open group and its open item: the unit, its chair, who sits there
        return column in OF_THE_UNIT or (case == "ours" and persona in ("board_member", "school_outside"))
    if what.startswith("rs_"):  # of its restricted item: whom it was opened to, and who leads it; not the chair
        return column == {"ours": "lead", "theirs": "stranger"}[case] or (
            case == "ours" and persona == "school_outside"
        )
    if what.startswith("att_"):  # of a group's meetings: the unit, who chairs and sits there; files that wait, the unit
        there = persona in ("board_member", "school_outside") and what == "att_body"
        return column in OF_THE_UNIT or there
    if what.startswith("ch_"):  # of a challenge: the case's people, and the two who are named on it
        return CASE_OF.get(column) == case or (case == "ours" and persona in ("lead_same", "lead_other"))
    if what == "at_minutes":  # of a case's meeting while its minutes are written: who runs the case
        return CASE_OF.get(column) == case and column in ("lead", "case_officer", "stranger")
    if what.startswith("at_"):  # of a case's meeting: the case's people
        return CASE_OF.get(column) == case
    if what.startswith("act_"):  # of a case's action: the case's people, and its owner; not the owner's lead
        return CASE_OF.get(column) == case or (case == "ours" and persona == "author")
    if what == "passage" and column in CASE_OF:  # marked for the case lead only
        return case == CASE_OF[column] and column in MAY_GRANT
    if column == "guest":  # her own request, as it was asked; how it was made sure who she is, is not hers to read
        return (case, agency) == ("ours", "nursery") and what in OF_A_GUEST
    if column in OWN_RETURN:
        return case == "ours" and agency in _names(ground, getattr(ground, OWN_RETURN[column])["ours"])
    if persona == "scrutineer":  # reads what people wrote in the report, and who else is on the case
        read = url == "reviews:report_sections" and what in (*WRITTEN, "scrutiny")
        return case == "ours" and (read or (what == "reason" and url in GRANT_PAGES))
    if CASE_OF.get(column) != case:
        return False
    if what == "reason":
        return url in GRANT_PAGES
    if what == "conflict":
        return url in GRANT_PAGES and column in MAY_GRANT
    # Others than the author see of a return that is not yet submitted only what was asked, and why more time is.
    draft = agency in _names(ground, ground.asked[case])
    return not draft or what in ("purpose", "extension", "answer")


def _names(ground, row):
    """A return's agency in markers: its slug, or its key in the world."""
    return {row.agency.slug} | {key for key, agency in ground.world.agencies.items() if agency.pk == row.agency_id}


def _column(persona):
    """The guest shares the column of those without a role, and has a request of her own."""
    return persona if persona == "guest" else COLUMN_OF[persona]


def may_know_word(persona, case) -> bool:
    column = _column(persona)
    if case.name == "theirs":
        return column == "stranger"
    return CASE_OF.get(column) == "ours" or column in (*OWN_RETURN, "guest") or persona == "scrutineer"
