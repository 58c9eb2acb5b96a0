"""Day one: the people whom the partnership knows, their duties, and how offices are reached, from its spreadsheets."""

from partnership.directory.importing.entries import Source, Wrong, register
from partnership.directory.importing.people import comparing, taking, words
from partnership.documents.tables.reading import Column, Layout
from partnership.people.models import AgencyKind

COLUMNS = (
    Column(
        "organisation",
        (
            "Organisation", "Organisation name", "Name of organisation", "Agency", "School", "School name",
            "Name of school", "Setting", "Setting name", "Service", "Employer", "Establishment",
        ),
        essential=True,
    ),
    Column("number", ("URN", "Number", "Organisation number", "School URN", "Ofsted URN", "NHS code", "ODS code")),
    Column("name", ("Name", "Person", "Full name", "Person's name", "Name of person", "Contact name", "Holder")),
    Column("first", ("First name", "Forename", "Given name", "Firstname")),
    Column("last", ("Surname", "Last name", "Family name", "Lastname")),
    Column("post", ("Post", "Job title", "Job", "Position", "Post title")),
    Column("email", ("Email", "E-mail", "Email address", "E-mail address", "Work email", "Person email")),
    Column("telephone", ("Telephone", "Phone", "Tel", "Tel no", "Phone number", "Direct line", "Mobile")),
    Column("duty", ("Duty", "Duties", "Named duty", "Safeguarding role", "Role", "Responsibility")),
    Column("from", ("From", "Start", "Start date", "Since", "Starts", "Date from", "In post from", "Appointed")),
    Column("until", ("Until", "To", "End", "End date", "Ends", "Date to", "Last day", "In post until")),
    Column(
        "office_email",
        (
            "Office email", "Office e-mail", "Office email address", "Contact email", "School email", "Generic email",
            "Shared email", "Office contact email",
        ),
    ),
    Column(
        "office_telephone",
        (
            "Office telephone", "Office phone", "Office tel", "Contact telephone", "Contact phone", "School telephone",
            "School phone", "Switchboard", "Office contact telephone", "Office contact phone",
        ),
    ),
)  # fmt: skip


def parse(cells, columns):
    return Wrong("A list of people is read by its own rules.")


PEOPLE = register(
    Source(
        code="people",
        title="People, duties and contacts",
        licence="The partnership’s own list. Nobody is invited by it, and nobody gets access.",
        hint="Who holds which duty where, and how offices are reached. Start from the empty list above.",
        layout=Layout(COLUMNS, grouped=True, origin="Start from the empty list that the portal offers."),
        parse=parse,
        kind=AgencyKind.PROVIDER,
        number_name="",
        areas=False,
        compare=comparing.compare,
        take=taking.take,
        labels=words.LABELS,
        say=words.say,
        template=(
            ("Organisation", "Needed: its name as the directory has it, or another name of it.", "Canal Bridge School"),
            ("URN", "Or another register’s number. It settles which of two is meant.", "999001"),
            ("Name", "The person. Leave it empty where the duty is vacant.", "Ada Merrow"),
            ("Post", "", "Assistant head"),
            ("Email", "Of the person, not of the office.", "ada.merrow@canal-bridge.example"),
            ("Telephone", "Of the person.", "01632 960001"),
            ("Duty", f"One of: {words.OFFERED}.", "DSL"),
            ("From", "The first day.", "01/09/2024"),
            ("Until", "The last day, if it is known.", "31/08/2027"),
            ("Office email", "Of the organisation’s office.", "office@canal-bridge.example"),
            ("Office telephone", "Of the organisation’s office.", "01632 960002"),
        ),
    )
)
