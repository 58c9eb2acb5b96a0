"""What the demo's training consists of: which event, how far from today, how many people. Everybody is made up."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Planned:
    """An event of the demo. ref: of data/catalogue.toml. people: how many book; more than places wait. what: what
    happens to it besides (`training.demo`)."""

    ref: str
    in_days: int
    places: int
    people: int
    what: str = ""
    venue: str = "Example Town Hall, Stoke-on-Trent"


OVER = (
    Planned("level-2", -98, 24, 14, "asked after three months"),
    Planned("neglect", -60, 24, 13, "delivered"),
    Planned("disability", -20, 20, 4, "called off"),
    Planned("cse", -6, 20, 12, "asked now"),
)
TODAY = Planned("level-1", 0, 24, 11, "today")
TERM = (
    Planned("domestic-abuse", 9, 16, 15),
    Planned("csa-family", 12, 20, 7, "cancelled"),
    Planned("cse", 16, 12, 15, "one gives up"),
    Planned("mental-health", 23, 18, 6, "kept", "Example Community Centre, Newcastle-under-Lyme"),
    Planned("level-3", 30, 24, 9, "online", ""),
    Planned("dsl-new", 37, 20, 4, "asked"),
    Planned("level-2", 45, 24, 3),
    Planned("neglect", 52, 24, 0),
    Planned("level-1", 59, 30, 0),
    Planned("dsl-refresher", 66, 30, 0, "opens later"),
    Planned("lado", 73, 24, 0, "planned"),
)
ASKED_NOW = ("asked after three months", "asked now")  # of these one of the demo’s people has not answered yet
TOO_FEW = "Fewer people had booked than the course takes."
ILL = "The trainer is ill and nobody can stand in. The course comes again in spring."
PRIORITIES = {
    "cse": "Child Exploitation",
    "neglect": "Neglect (Graded Care Profile 2)",
    "mental-health": "Child Mental Health",
}
# Organisation: what people of it do, how many of them it has, by the codes of data/catalogue.toml.
HEADCOUNTS = {
    "mpft": {"health": 42, "manager": 6},
    "uhnm": {"health": 64, "manager": 8},
    "staffs-police": {"police": 80},
    "sotcc": {"social-worker": 55, "early-help": 30},
    "nscht": {"health": 38},
    "urn-124003": {"dsl": 2, "school-staff": 26},
    "urn-124020": {"dsl": 2, "school-staff": 31},
}
OF_EACH = 9  # people without an account an organisation
# Who of the demo's people takes courses, where, as what.
PERSONAL = {
    "colleague_mpft": ("mpft", "health"),
    "colleague_uhnm": ("uhnm", "health"),
    "colleague_school": ("urn-124003", "school-staff"),
    "author_school": ("urn-124003", "dsl"),
}
# The course that everybody of a role once took: by its ref, and how.
TAKEN = {
    "dsl": (("dsl-refresher", "single"), ("e-awareness", "online")),
    "school-staff": (("own-induction", "single"), ("e-awareness", "online")),
    "police": (("e-awareness", "online"), ("level-1", "single")),
    "social-worker": (("e-awareness", "online"), ("fm-fgm", "online"), ("level-1", "single")),
    "early-help": (("e-awareness", "online"), ("level-1", "single")),
    "health": (("e-awareness", "online"), ("e-online-safety", "online"), ("level-1", "single")),
    "manager": (("e-awareness", "online"), ("level-1", "single")),
}
