"""A role is a named bag of powers, written in code (house.md section 2). Code asks for a Perm, never for a Role.

Where a role is attached decides how far it reaches: the whole partnership, one agency, or one folder. Role codes are
stored, so they are for ever.
"""

from enum import StrEnum


class Perm(StrEnum):
    """What somebody may do. One word a deed; the pages and flow tables name them."""

    SIGN_IN = "sign_in"  # everybody with an active account
    BELONG = "belong"  # the same but for the guest of a case, who is no member of the partnership
    DIRECTORY_VIEW = "directory_view"
    DIRECTORY_EDIT = "directory_edit"
    FOLDER_VIEW = "folder_view"  # that it exists: its reference and kind
    FOLDER_GRANT = "folder_grant"  # let people in, take them off, bar them; see the list
    TRAIL_READ = "trail_read"  # the story of what happened
    NOTIFY = "notify"  # record a serious incident notification and so open a sealed review
    REFER = "refer"  # tell the partnership of a serious incident, for one's organisation
    REFERRAL_VIEW = "referral_view"  # a referral and its outcome: its referrer's, and the case's people's
    REFERRAL_WITHDRAW = "referral_withdraw"
    REFERRAL_DECIDE = "referral_decide"  # take a referral on or not
    REVIEW_LIST = "review_list"  # open the list of reviews; the rows are still one's own
    REVIEW_VIEW = "review_view"
    REVIEW_MANAGE = "review_manage"
    REVIEW_CLOSE = "review_close"  # close a review that is done, and reopen it
    RETURN_VIEW = "return_view"
    RETURN_EDIT = "return_edit"
    RETURN_SUBMIT = "return_submit"  # its author's: finish it, name who signs and who helps, change it afterwards
    RETURN_SIGN = "return_sign"
    RETURN_PART = "return_part"  # be named on a return, for writing, helping, signing or keeping its status in view
    RETURN_REQUEST = "return_request"
    IDENTITY_SEARCH = "identity_search"  # read the identifiers to search one's own records by
    IDENTITY_EDIT = "identity_edit"
    DECIDE = "decide"
    SIGN_OFF = "sign_off"
    SEND = "send"
    REPORT_MAKE = "report_make"
    REPORT_READ = "report_read"  # the report by section, and what a scrutineer says of it; nothing else of the case
    REPORT_COMMENT = "report_comment"  # say what one thinks of it as its independent scrutineer
    DOCUMENT_VIEW = "document_view"
    DOCUMENT_DOWNLOAD = "document_download"
    JOB_VIEW = "job_view"
    DEADLINE_VIEW = "deadline_view"
    DEADLINE_MANAGE = "deadline_manage"  # start, correct, pause, end a clock that no other page carries
    TOLD_AS_MANAGER = "told_as_manager"  # whom an escalation reaches first
    TOLD_AS_PARTNER = "told_as_partner"  # and last
    RULES_VIEW = "rules_view"  # the periods that law and guidance set, and the bank holidays
    RULES_EDIT = "rules_edit"
    CALENDAR_EDIT = "calendar_edit"
    DIRECTORY_INTERNAL = "directory_internal"  # what the directory shows to the unit and its administrators alone
    DIRECTORY_EXPORT = "directory_export"
    DIRECTORY_IMPORT = "directory_import"  # take registers and spreadsheets in
    COLLEAGUES = "colleagues"  # invite, confirm and let leave: of one's organisation, or of all
    PEOPLE_APPROVE = "people_approve"  # the worklist of accounts: first people, lost factors, doubles, strangers
    COVER = "cover"  # see what the colleagues of the unit have open and take it over
    EMERGENCY = "emergency"  # open a sealed case by its code word for a day, with a reason; its granters are told
    TIMELINESS_LIVE = "timeliness_live"  # the figures of all reviews as they stand today
    TIMELINESS_TOTALS = "timeliness_totals"  # the totals of years that are over, small numbers left out
    PLAN_VIEW = "plan_view"  # the business plan, its priorities and the duties of the partnership
    PLAN_EDIT = "plan_edit"
    GROUP_VIEW = "group_view"  # the boards and sub-groups, and who sits on them
    GROUP_EDIT = "group_edit"
    WORKPLAN_VIEW = "workplan_view"
    WORKPLAN_EDIT = "workplan_edit"
    ACTION_LIST = "action_list"  # open the register; the rows are still one's own
    ACTION_VIEW = "action_view"
    ACTION_ADD = "action_add"  # add an action in a folder
    ACTION_MANAGE = "action_manage"  # change its words, split it, give it to somebody, decide about its date, end it
    ACTION_APPROVE = "action_approve"  # approve that it is closed, or send it back
    ACTION_ANSWER = "action_answer"  # its owner's: update it, ask for another date, ask for it to be closed
    ACTION_GIVE = "action_give"  # give an action of one's organisation to a colleague
    RISK_VIEW = "risk_view"
    RISK_EDIT = "risk_edit"  # add a risk in a folder, change it, close and reopen it
    ACTION_IMPORT = "action_import"  # take an action log or a list of risks in from a spreadsheet
    CHALLENGE_LIST = "challenge_list"  # open the log of challenges; the rows are still one's own
    CHALLENGE_RAISE = "challenge_raise"  # challenge another organisation's practice, for one's own
    CHALLENGE_VIEW = "challenge_view"
    CHALLENGE_ANSWER = "challenge_answer"  # answer a challenge for the organisation that was challenged
    CHALLENGE_PURSUE = "challenge_pursue"  # agree, take it to the next stage, take it back: its raiser's
    CHALLENGE_MANAGE = "challenge_manage"  # name who answers, record adviser, decision and learning, close and reopen
    MEETING_VIEW = "meeting_view"  # agenda, open papers, who came, minutes once they are circulated, decisions
    MEETING_RUN = "meeting_run"  # plan and call it, its agenda and papers, who came, its minutes and decisions
    MEETING_CHAIR = "meeting_chair"  # check its minutes, answer what was sent up
    MINUTES_WORK = "minutes_work"  # read minutes while they are written
    PROPOSAL_VIEW = "proposal_view"  # what is proposed for an agenda: of who runs the meeting, and its proposer's own
    AUDIT_LIST = "audit_list"  # open the audits: the returns are still one's own
    AUDIT_SETS = "audit_sets"  # build question sets and their versions
    AUDIT_RUN = "audit_run"  # plan a round, send it out, give more time, excuse, chase, close; see how it stands
    AUDIT_FIGURES = "audit_figures"  # the figures of a round, without names and without small numbers
    ANSWERS_VIEW = "answers_view"  # read the answers of a return
    ANSWERS_WRITE = "answers_write"  # answer for one's organisation, and show evidence
    ANSWERS_SIGN = "answers_sign"  # sign for one's organisation as its lead, ask others to sign, submit
    TRAINING_LIST = "training_list"  # open the training: the bookings are still one's own
    TRAINING_RUN = "training_run"  # keep the catalogue, plan events, registers, charges and certificates
    TRAINING_FIGURES = "training_figures"  # the figures of training, without names
    BOOKING_VIEW = "booking_view"  # who has, or waits for, a place at an event
    BOOKING_MAKE = "booking_make"  # book, move, hand on and give up a place
    REGISTER_KEEP = "register_keep"  # the register of an event: its names, and who came
    LEARNER_VIEW = "learner_view"  # what somebody was trained in, and what falls due
    LEARNER_EDIT = "learner_edit"  # keep the people of an organisation, what they completed, and its headcount
    CHARGE_VIEW = "charge_view"  # what an organisation is charged for places that nobody used
    EVALUATION_VIEW = "evaluation_view"  # what somebody said of a course
    EVALUATION_WRITE = "evaluation_write"
    OPERATIONS = "operations"  # whether the machinery runs: queues, heartbeats, what could not be sent; no case words


class Role(StrEnum):
    """Stored codes. Partnership and agency roles live in Membership, folder roles in FolderGrant."""

    BUSINESS_MANAGER = "bm"
    BUSINESS_UNIT = "bu"
    DIRECTORY_ADMIN = "da"
    BOARD_MEMBER = "me"
    DELEGATED_PARTNER = "dp"
    AGENCY_LEAD = "al"
    AGENCY_STAFF = "as"
    SCHOOL_LEAD = "sl"
    CASE_LEAD = "cl"
    CASE_OFFICER = "co"
    PANEL_MEMBER = "pm"
    SIGNATORY = "sg"
    SCRUTINEER = "sc"
    CHAIR = "ch"
    GROUP_MEMBER = "gm"
    OPERATOR = "op"
    ASSISTANT = "an"
    TRAINER = "tr"
    TRAINING_COORDINATOR = "tc"


CASE_ROLES = (Role.CASE_LEAD, Role.CASE_OFFICER, Role.PANEL_MEMBER, Role.SIGNATORY, Role.SCRUTINEER)
GROUP_ROLES = (Role.CHAIR, Role.GROUP_MEMBER, Role.ASSISTANT)  # they come with a seat, one's own or a member's
# Trainers are let into the event that they train at, and only as far as its register.
FOLDER_ROLES = (*CASE_ROLES, *GROUP_ROLES, Role.TRAINER)
WIDE_ROLES = (Role.BUSINESS_MANAGER, Role.BUSINESS_UNIT, Role.DIRECTORY_ADMIN, Role.BOARD_MEMBER, Role.OPERATOR)
AGENCY_ROLES = (
    *(Role.DELEGATED_PARTNER, Role.AGENCY_LEAD, Role.AGENCY_STAFF, Role.SCHOOL_LEAD),
    Role.TRAINING_COORDINATOR,
)

LABELS = {
    Role.BUSINESS_MANAGER: "Business manager",
    Role.BUSINESS_UNIT: "Business unit officer",
    Role.DIRECTORY_ADMIN: "Directory administrator",
    Role.BOARD_MEMBER: "Board member",
    Role.DELEGATED_PARTNER: "Delegated safeguarding partner",
    Role.AGENCY_LEAD: "Agency safeguarding lead",
    Role.AGENCY_STAFF: "Agency practitioner",
    Role.SCHOOL_LEAD: "Designated safeguarding lead",
    Role.CASE_LEAD: "Case lead",
    Role.CASE_OFFICER: "Case officer",
    Role.PANEL_MEMBER: "Rapid review panel member",
    Role.SIGNATORY: "Signs for a safeguarding partner",
    Role.SCRUTINEER: "Independent scrutineer",
    Role.CHAIR: "Chair of a group",
    Role.GROUP_MEMBER: "Member of a group",
    Role.OPERATOR: "System operator",
    Role.ASSISTANT: "Assistant of a member",
    Role.TRAINER: "Trainer at an event",
    Role.TRAINING_COORDINATOR: "Training coordinator",
}

_EVERYBODY = frozenset(
    {Perm.DIRECTORY_VIEW, Perm.PLAN_VIEW, Perm.GROUP_VIEW, Perm.ACTION_LIST, Perm.AUDIT_LIST, Perm.TRAINING_LIST}
)
# Of the people of one's own organisation: book for them, keep their records, see what it is charged.
_BOOKS = frozenset({Perm.BOOKING_VIEW, Perm.BOOKING_MAKE})
_COORDINATES = _BOOKS | {Perm.LEARNER_VIEW, Perm.LEARNER_EDIT, Perm.CHARGE_VIEW}
_TRAINING = _COORDINATES | {Perm.TRAINING_RUN, Perm.TRAINING_FIGURES, Perm.REGISTER_KEEP, Perm.EVALUATION_VIEW}
# Of the returns of one's own organisation, and of no other.
_ANSWERS = frozenset({Perm.ANSWERS_VIEW, Perm.ANSWERS_WRITE})
_LEADS_ANSWERS = _ANSWERS | {Perm.ANSWERS_SIGN}
_AUDITS = frozenset({Perm.AUDIT_SETS, Perm.AUDIT_RUN, Perm.AUDIT_FIGURES})
# Of the actions in a folder that a role reaches; whoever owns one has it without any role (partnership.actions).
_READ_ACTIONS = frozenset({Perm.ACTION_VIEW})
_RISKS = frozenset({Perm.RISK_VIEW, Perm.RISK_EDIT})
_RUN_ACTIONS = frozenset({Perm.ACTION_VIEW, Perm.ACTION_ADD, Perm.ACTION_MANAGE})
_ACTIONS = _RUN_ACTIONS | {Perm.ACTION_APPROVE, Perm.ACTION_ANSWER, Perm.ACTION_GIVE}
_GROUPS = frozenset({Perm.PLAN_EDIT, Perm.GROUP_EDIT, Perm.WORKPLAN_VIEW, Perm.WORKPLAN_EDIT, Perm.ACTION_IMPORT})
_OF_THE_AGENCY = frozenset({Perm.ACTION_VIEW, Perm.ACTION_ANSWER, Perm.ACTION_GIVE, Perm.RISK_VIEW})
_READ_CASE = frozenset(
    {
        Perm.FOLDER_VIEW,
        Perm.REVIEW_LIST,
        Perm.REVIEW_VIEW,
        Perm.REPORT_READ,
        Perm.REFERRAL_VIEW,
        Perm.RETURN_VIEW,
        Perm.DOCUMENT_VIEW,
        Perm.DOCUMENT_DOWNLOAD,
        Perm.JOB_VIEW,
        Perm.TRAIL_READ,
        Perm.DEADLINE_VIEW,
        Perm.CHALLENGE_VIEW,
    }
)
_WORK_CASE = _READ_CASE | {
    Perm.REVIEW_MANAGE,
    Perm.REFERRAL_DECIDE,
    Perm.RETURN_REQUEST,
    Perm.IDENTITY_SEARCH,
    Perm.IDENTITY_EDIT,
    Perm.DECIDE,
    Perm.SEND,
    Perm.REPORT_MAKE,
    Perm.FOLDER_GRANT,
    Perm.CHALLENGE_ANSWER,
    Perm.CHALLENGE_PURSUE,
    Perm.CHALLENGE_MANAGE,
}
_RUN_MEETINGS = frozenset({Perm.MEETING_VIEW, Perm.MEETING_RUN, Perm.MINUTES_WORK, Perm.PROPOSAL_VIEW})
_CHALLENGES = frozenset({Perm.CHALLENGE_LIST, Perm.CHALLENGE_RAISE})
# What an open (not sealed) folder gives to the business unit. A sealed folder opens by grant alone.
_UNIT = (
    _EVERYBODY
    | _READ_CASE
    | {Perm.NOTIFY, Perm.REFER, Perm.FOLDER_GRANT, Perm.REVIEW_MANAGE, Perm.DEADLINE_MANAGE, Perm.RULES_VIEW}
    | {Perm.DIRECTORY_INTERNAL, Perm.DIRECTORY_EXPORT, Perm.COLLEAGUES, Perm.PEOPLE_APPROVE, Perm.COVER}
    | {Perm.EMERGENCY, Perm.TIMELINESS_LIVE, Perm.TIMELINESS_TOTALS}
    | _RUN_ACTIONS
    | _RISKS
    | _CHALLENGES
    | {Perm.CHALLENGE_ANSWER, Perm.CHALLENGE_PURSUE, Perm.CHALLENGE_MANAGE}
    | {Perm.ACTION_IMPORT, Perm.PLAN_EDIT, Perm.GROUP_EDIT, Perm.WORKPLAN_VIEW, Perm.WORKPLAN_EDIT}
    | _RUN_MEETINGS
    | _AUDITS
    | {Perm.ANSWERS_VIEW}
    | _TRAINING
)

_LEADS = _EVERYBODY | _OF_THE_AGENCY | _CHALLENGES | _LEADS_ANSWERS | _COORDINATES

POWERS: dict[Role, frozenset[Perm]] = {
    Role.BUSINESS_MANAGER: _UNIT
    | {Perm.ACTION_APPROVE, Perm.TOLD_AS_MANAGER, Perm.RULES_EDIT, Perm.CALENDAR_EDIT, Perm.OPERATIONS}
    | {Perm.MEETING_CHAIR},
    Role.BUSINESS_UNIT: _UNIT,
    Role.DIRECTORY_ADMIN: _EVERYBODY
    | {Perm.DIRECTORY_EDIT, Perm.DIRECTORY_INTERNAL, Perm.DIRECTORY_EXPORT, Perm.DIRECTORY_IMPORT}
    | {Perm.RULES_VIEW, Perm.CALENDAR_EDIT},
    Role.BOARD_MEMBER: _EVERYBODY
    | {Perm.TIMELINESS_TOTALS, Perm.WORKPLAN_VIEW, Perm.AUDIT_FIGURES, Perm.TRAINING_FIGURES},
    # By agency: the partnership's own clocks stand in a folder that the three partners' agencies open.
    Role.DELEGATED_PARTNER: _EVERYBODY
    | {Perm.DEADLINE_VIEW, Perm.TOLD_AS_PARTNER, Perm.REFER}
    | {Perm.EMERGENCY, Perm.TIMELINESS_LIVE, Perm.TIMELINESS_TOTALS, Perm.PLAN_EDIT}
    | _OF_THE_AGENCY
    | _CHALLENGES
    | _LEADS_ANSWERS
    | _COORDINATES
    | {Perm.AUDIT_FIGURES, Perm.TRAINING_FIGURES},
    Role.AGENCY_LEAD: _LEADS | {Perm.COLLEAGUES, Perm.REFER},
    # Whom a challenge names to answer is often a practitioner; the raising of one goes through the lead.
    Role.AGENCY_STAFF: _EVERYBODY | _ANSWERS | {Perm.REFER, Perm.CHALLENGE_LIST},
    Role.SCHOOL_LEAD: _LEADS | {Perm.COLLEAGUES, Perm.REFER},
    Role.CASE_LEAD: _WORK_CASE
    | _RUN_ACTIONS
    | _RUN_MEETINGS
    | {Perm.MEETING_CHAIR, Perm.ACTION_APPROVE, Perm.REVIEW_CLOSE, Perm.TOLD_AS_MANAGER},
    Role.CASE_OFFICER: _WORK_CASE - {Perm.FOLDER_GRANT} | _RUN_ACTIONS | _RUN_MEETINGS,
    Role.PANEL_MEMBER: _READ_CASE | _READ_ACTIONS | {Perm.MEETING_VIEW},
    Role.SIGNATORY: _READ_CASE | _READ_ACTIONS | {Perm.MEETING_VIEW, Perm.SIGN_OFF, Perm.TOLD_AS_PARTNER},
    # Reads what is to be sent and says so: no return, no chronology, no identity, no signature, no decision.
    Role.SCRUTINEER: frozenset({Perm.FOLDER_VIEW, Perm.REPORT_READ, Perm.REPORT_COMMENT}),
    Role.CHAIR: _RUN_ACTIONS
    | _RISKS
    | {Perm.FOLDER_VIEW, Perm.ACTION_APPROVE, Perm.WORKPLAN_VIEW, Perm.WORKPLAN_EDIT, Perm.DOCUMENT_VIEW}
    | {Perm.DOCUMENT_DOWNLOAD, Perm.JOB_VIEW, Perm.MEETING_VIEW, Perm.MEETING_CHAIR, Perm.MINUTES_WORK},
    Role.GROUP_MEMBER: _READ_ACTIONS
    | {Perm.RISK_VIEW}
    | {Perm.FOLDER_VIEW, Perm.WORKPLAN_VIEW, Perm.DOCUMENT_VIEW, Perm.DOCUMENT_DOWNLOAD, Perm.JOB_VIEW}
    | {Perm.MEETING_VIEW},
    Role.OPERATOR: frozenset({Perm.OPERATIONS}),
    # Reads open papers and answers for a member: no action, no risk, no workplan, no case.
    Role.ASSISTANT: frozenset({Perm.FOLDER_VIEW, Perm.MEETING_VIEW, Perm.DOCUMENT_VIEW, Perm.DOCUMENT_DOWNLOAD}),
    # The names on the register of the event and no more.
    Role.TRAINER: frozenset({Perm.REGISTER_KEEP}),
    Role.TRAINING_COORDINATOR: _EVERYBODY | _COORDINATES | {Perm.REFER},
}

_EVERY_ROLE = (*WIDE_ROLES, *AGENCY_ROLES)
# Which role may give which: a lead her own kind and her practitioners, at her own organisation only.
MAY_GIVE: dict[Role, tuple] = {
    Role.BUSINESS_MANAGER: _EVERY_ROLE,
    Role.BUSINESS_UNIT: _EVERY_ROLE,
    Role.AGENCY_LEAD: (Role.AGENCY_STAFF, Role.AGENCY_LEAD, Role.TRAINING_COORDINATOR),
    Role.SCHOOL_LEAD: (Role.AGENCY_STAFF, Role.SCHOOL_LEAD, Role.TRAINING_COORDINATOR),
}

# Who keeps the machinery or the directory and has no other role is let into no case, and invited to no meeting of one.
APART_FROM_CASES = (Role.DIRECTORY_ADMIN, Role.OPERATOR)


def givable(roles) -> tuple:
    """The roles that somebody with these roles may give, in the order in which they are offered."""
    found = {given for role in roles for given in MAY_GIVE.get(Role(role), ())}
    return tuple(role for role in _EVERY_ROLE if role in found)


# What opens case material, or decides who may. A role with one of these takes effect after a second person's approval,
# and a person whose account is suspended holds none of them anywhere, by no path.
CASE_PERMS: frozenset[Perm] = (
    _WORK_CASE
    | {Perm.RETURN_EDIT, Perm.RETURN_SUBMIT, Perm.RETURN_SIGN, Perm.RETURN_PART}
    | {Perm.NOTIFY, Perm.SIGN_OFF, Perm.DEADLINE_MANAGE, Perm.COVER, Perm.PEOPLE_APPROVE}
    | {Perm.REPORT_COMMENT, Perm.REFERRAL_WITHDRAW, Perm.TOLD_AS_MANAGER, Perm.TOLD_AS_PARTNER}
    | {Perm.EMERGENCY, Perm.TIMELINESS_LIVE, Perm.REVIEW_CLOSE}
)

# What rests while an account waits for a second person: it may be somebody else's by then.
RESTING_PERMS: frozenset[Perm] = (
    CASE_PERMS
    | _ACTIONS
    | _RISKS
    | _GROUPS
    | _CHALLENGES
    | _RUN_MEETINGS
    | {Perm.MEETING_CHAIR}
    | _AUDITS
    | _LEADS_ANSWERS
    | _TRAINING
    | {Perm.COLLEAGUES, Perm.DIRECTORY_EDIT, Perm.DIRECTORY_IMPORT}
)

# What an organisation's role never gives on a folder that the organisation opens (the partnership's business): there it
# has what is its own, by the row's own path.
NOT_BY_FOLDER: frozenset[Perm] = _ACTIONS | _RISKS | _LEADS_ANSWERS | _COORDINATES

# What is made of everybody's account of a case: who is let in to read and owes their own has it when that is in.
AFTER_ONES_OWN: frozenset[Perm] = _READ_ACTIONS
_NEVER_WAITS = frozenset({Perm.REVIEW_MANAGE, Perm.SIGN_OFF})  # who runs the case, and who answers for what is sent

# What reaches the whole directory or the machinery: no case, and too much for a mailed code.
WIDE_PERMS = frozenset(
    {Perm.DIRECTORY_EDIT, Perm.DIRECTORY_IMPORT, Perm.DIRECTORY_INTERNAL}
    | {Perm.OPERATIONS, Perm.RULES_EDIT, Perm.CALENDAR_EDIT}
)

# What each power lets somebody do, for the pages that say so: 'This role lets you …'.
WORDS: dict[Perm, str] = {
    Perm.SIGN_IN: "sign in and keep your own account",
    Perm.BELONG: "look after your address and your leaving",
    Perm.DIRECTORY_VIEW: "read the directory of organisations and schools",
    Perm.DIRECTORY_EDIT: "change the directory",
    Perm.DIRECTORY_INTERNAL: "read what the directory keeps for the business unit",
    Perm.DIRECTORY_EXPORT: "take lists out of the directory",
    Perm.DIRECTORY_IMPORT: "take registers and spreadsheets into the directory",
    Perm.FOLDER_VIEW: "see that a case exists, by its code word",
    Perm.FOLDER_GRANT: "let people into a case, and bar them from it",
    Perm.TRAIL_READ: "read who did what on a case",
    Perm.NOTIFY: "record a serious incident notification",
    Perm.REFER: "tell the partnership of a serious incident",
    Perm.REFERRAL_VIEW: "read a referral and what became of it",
    Perm.REFERRAL_WITHDRAW: "take back a referral of yours",
    Perm.REFERRAL_DECIDE: "take a referral on, or not",
    Perm.REVIEW_LIST: "open the list of case reviews that you are on",
    Perm.REVIEW_VIEW: "read a case review",
    Perm.REVIEW_MANAGE: "carry a case review on",
    Perm.REVIEW_CLOSE: "close a case review that is done, and reopen it",
    Perm.RETURN_VIEW: "read the returns of agencies",
    Perm.RETURN_EDIT: "write a return",
    Perm.RETURN_SUBMIT: "submit a return of yours",
    Perm.RETURN_SIGN: "sign a return for your organisation",
    Perm.RETURN_PART: "have a part in a return",
    Perm.RETURN_REQUEST: "ask agencies for returns",
    Perm.IDENTITY_SEARCH: "read who the children are, to search your own records",
    Perm.IDENTITY_EDIT: "record who the children are",
    Perm.DECIDE: "record the decision of a review",
    Perm.SIGN_OFF: "sign for a safeguarding partner",
    Perm.SEND: "record that a report was sent to the national Panel",
    Perm.REPORT_MAKE: "make the report of a review",
    Perm.REPORT_READ: "read the report of a review, section by section",
    Perm.REPORT_COMMENT: "comment on a report as its independent scrutineer",
    Perm.DOCUMENT_VIEW: "see which documents a case has",
    Perm.DOCUMENT_DOWNLOAD: "download the documents of a case",
    Perm.JOB_VIEW: "follow the long work of a case",
    Perm.DEADLINE_VIEW: "see what is due, and when",
    Perm.DEADLINE_MANAGE: "start, correct and end the clocks of the partnership’s own duties",
    Perm.TOLD_AS_MANAGER: "be told first when something is late",
    Perm.TOLD_AS_PARTNER: "be told last, as a safeguarding partner, when something stays late",
    Perm.RULES_VIEW: "read the periods that law and guidance set",
    Perm.RULES_EDIT: "set local periods",
    Perm.CALENDAR_EDIT: "change the bank holidays",
    Perm.COLLEAGUES: "look after who works at your organisation (or at all of them)",
    Perm.PEOPLE_APPROVE: "check and approve requests about accounts",
    Perm.COVER: "see what colleagues of the business unit have open, and take it over",
    Perm.EMERGENCY: "open a sealed case in an emergency, for 24 hours",
    Perm.TIMELINESS_LIVE: "see how timely all reviews are, in figures",
    Perm.TIMELINESS_TOTALS: "see how timely reviews were, in the totals of past years",
    Perm.PLAN_VIEW: "read the business plan, its priorities and the partnership’s duties",
    Perm.PLAN_EDIT: "keep the business plan and the partnership’s duties",
    Perm.GROUP_VIEW: "see the boards and sub-groups, and who sits on them",
    Perm.GROUP_EDIT: "keep the boards and sub-groups, and who sits on them",
    Perm.WORKPLAN_VIEW: "read the workplans of groups",
    Perm.WORKPLAN_EDIT: "keep the workplan of a group",
    Perm.ACTION_LIST: "open the register of actions that are yours to see",
    Perm.ACTION_VIEW: "read actions",
    Perm.ACTION_ADD: "add actions",
    Perm.ACTION_MANAGE: "change, split and give out actions",
    Perm.ACTION_APPROVE: "approve that an action is closed",
    Perm.ACTION_ANSWER: "answer for actions of your organisation",
    Perm.ACTION_GIVE: "give actions of your organisation to a colleague",
    Perm.RISK_VIEW: "read risks",
    Perm.RISK_EDIT: "add, change and close risks",
    Perm.ACTION_IMPORT: "take action logs and lists of risks in from spreadsheets",
    Perm.CHALLENGE_LIST: "open the log of professional challenges that are yours to see",
    Perm.CHALLENGE_RAISE: "raise a professional challenge for your organisation",
    Perm.CHALLENGE_VIEW: "read a professional challenge",
    Perm.CHALLENGE_ANSWER: "answer a professional challenge",
    Perm.CHALLENGE_PURSUE: "agree to an answer, or take a challenge to the next stage",
    Perm.CHALLENGE_MANAGE: "carry a professional challenge on to its end",
    Perm.MEETING_VIEW: "read meetings: agenda, open papers, decisions and circulated minutes",
    Perm.MEETING_RUN: "plan, call and minute meetings",
    Perm.MEETING_CHAIR: "check the minutes of meetings, and answer what another group sent up",
    Perm.MINUTES_WORK: "read minutes while they are written",
    Perm.PROPOSAL_VIEW: "read what is proposed for an agenda",
    Perm.AUDIT_LIST: "open the audits that your organisation answers",
    Perm.AUDIT_SETS: "build the question sets of audits",
    Perm.AUDIT_RUN: "send audits out, see how they stand, and remind those who owe a return",
    Perm.AUDIT_FIGURES: "see the figures of audits, without names",
    Perm.ANSWERS_VIEW: "read the answers of audits",
    Perm.ANSWERS_WRITE: "answer audits for your organisation",
    Perm.ANSWERS_SIGN: "sign and submit audits for your organisation",
    Perm.TRAINING_LIST: "open the training, and book for yourself",
    Perm.TRAINING_RUN: "keep the training catalogue, plan events and keep what comes after them",
    Perm.TRAINING_FIGURES: "see the figures of training, without names",
    Perm.BOOKING_VIEW: "see who of your organisation is booked on training",
    Perm.BOOKING_MAKE: "book training for people of your organisation",
    Perm.REGISTER_KEEP: "keep the register of a training event",
    Perm.LEARNER_VIEW: "see what people of your organisation were trained in, and what falls due",
    Perm.LEARNER_EDIT: "keep the training records of your organisation",
    Perm.CHARGE_VIEW: "see what your organisation is charged for unused places",
    Perm.EVALUATION_VIEW: "read what people said of their training",
    Perm.EVALUATION_WRITE: "say what training was worth to you",
    Perm.OPERATIONS: "see whether the portal’s machinery runs",
}


def roles_with(perm) -> list[str]:
    """The codes of the roles whose bag holds `perm`."""
    return [str(role) for role, powers in POWERS.items() if perm in powers]


def waits(role) -> bool:
    """Whether a role on a folder gives AFTER_ONES_OWN only to those who owe nothing there."""
    return not POWERS[Role(role)] & _NEVER_WAITS


def speaks_for_a_partner(role) -> bool:
    """Whether whoever holds this role at an organisation is told as a safeguarding partner (Children Act 2004 s16E)."""
    return Role(role) in AGENCY_ROLES and Perm.TOLD_AS_PARTNER in POWERS[Role(role)]


def is_case_role(role) -> bool:
    """Whether a role opens case material, or decides who may."""
    return bool(POWERS[Role(role)] & CASE_PERMS)
