"""A working year of fictional actions: what, of which group, whose, agreed and due how many days from today, and how it
went. Nothing here happened."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Plot:
    """One action of the demo. group: a word of its group's name. owner: a key of the demo's people, or the slug of an
    organisation where nobody is named yet. agreed, due: days from today. story: a function of demo.py. serves: a word
    of its priority's title."""

    group: str
    what: str
    owner: str
    agreed: int
    due: int
    story: str = "begun"
    success: str = ""
    serves: str = ""


EXEC, QUALITY, EDUCATION = "Executive", "Quality", "Education"
LEARNING, REVIEW, EXPLOITATION = "Learning", "Review", "Exploitation"
NINE = "lead_uhnm"  # the one who owes nine words this fortnight

PLOTS = (
    Plot(EXEC, "Agree each partner’s share of next year’s budget", "dsp_council", -60, 45, serves="Lead and embed"),
    Plot(EXEC, "Publish the multi-agency arrangements with the changed seats", "officer", -90, 20, "slipped"),
    Plot(EXEC, "Appoint an independent scrutineer for the next two years", "dsp_icb", -120, -30, "closed",
         "A scrutineer is in post and has met the three partners."),
    Plot(EXEC, "Name a deputy of each delegated partner in writing", "dsp_police", -75, -14, "overdue"),
    Plot(EXEC, "Write to the colleges about a seat for the over-16s", "officer", -40, 12, "near"),
    Plot(EXEC, "A shared house for the unit and the youth justice service", "", -100, 0, "parked"),
    Plot(EXEC, "Tell the council’s scrutiny committee of the yearly report", "board_member", -50, 30, "sent_back"),
    Plot(QUALITY, "Run the audit of strategy discussions out of hours", "author_police", -80, 25, "begun",
         "Nine in ten were held within the day.", "Quality Assurance"),
    Plot(QUALITY, "Agree one list of measures for the dataset", "panel_council", -150, -45, "closed",
         "Three quarters’ figures came on the day.", "Quality Assurance"),
    Plot(QUALITY, "Sample twenty child protection plans for the child’s own words", "author_council", -65, 8, "near",
         serves="Quality Assurance"),
    Plot(QUALITY, "Collect the section 11 returns of the district’s leisure centres", "lead_mpft", -70, -9, "overdue"),
    Plot(QUALITY, "Say which services answer the section 11 audit with one return", "sotcc", -30, 40, "nobody"),
    Plot(QUALITY, "Feed the deep dive on neglect back to every team that took part", "author_uhnm", -45, 18, "at_risk",
         "Each team names one thing that it does differently.", "Neglect"),
    Plot(QUALITY, "Show the dataset to the Executive as one page", "officer", -110, -60, "closed"),
    Plot(QUALITY, "Audit the records of babies whose parents missed two appointments", "", -55, 60, "split",
         "Each service knows how many, and what was done.", "0-2"),
    Plot(EDUCATION, "Give each school the new form for a worry below the threshold", "author_school", -85, 15),
    Plot(EDUCATION, "Find out which schools have no trained deputy lead", "dsl_other", -60, -21, "overdue"),
    Plot(EDUCATION, "Bring two headteachers of special schools into the group", "author_council", -95, -40, "closed"),
    Plot(EDUCATION, "Write a page on elective home education for designated leads", "dsl_other", -35, 35, "to_approve"),
    Plot(EDUCATION, "Ask the governors’ forum for a safeguarding governor in each school", "urn-124003", -25, 55,
         "nobody"),
    Plot(LEARNING, "Offer the training on parental mental health in the evening", "lead_mpft", -70, 22, "begun",
         "One in five places is taken in the evening.", "Mental Health"),
    Plot(LEARNING, "Retire the old training on thresholds", "author_uhnm", -140, -80, "cancelled"),
    Plot(LEARNING, "Send the seven-minute briefing on missed appointments to all teams", "colleague_mpft", -50, -3,
         "to_approve"),
    Plot(LEARNING, "Let practitioners say three months later what they used of a course", "", -90, 0, "parked"),
    Plot(LEARNING, "Train forty practitioners in the Graded Care Profile 2", "author_council", -130, 28, "slipped",
         "Forty are trained, and thirty have used it.", "Neglect"),
    Plot(REVIEW, "Put the learning of the last two reviews into the induction", "panel_icb", -60, 30, "begun"),
    Plot(REVIEW, "Agree who tells a family that a review begins", "deputy_police", -45, 5, "near"),
    Plot(REVIEW, "Ask every agency for a second reader of its returns", "author_police", -100, -20, "closed"),
    Plot(EXPLOITATION, "Hold a daily call about children who are missing today", "", -75, 50, "split",
         "No child is missing for a night without a named worker.", "Missing"),
    Plot(EXPLOITATION, "Map the taxi ranks and takeaways that return interviews name", "author_police", -40, 33,
         "rated", serves="Exploitation"),
    Plot(EXPLOITATION, "Offer a return interview by somebody whom the child chooses", "author_council", -55, 16,
         serves="Missing"),
    Plot(EXPLOITATION, "A bus with youth workers at the station on Friday nights", "", -120, 0, "parked",
         serves="Youth Violence"),
    # Nine for one person, all due within the fortnight or past: one digest tells her of them.
    Plot(QUALITY, "Count the births with an unborn baby plan that nobody read", NINE, -60, -6, "overdue", serves="0-2"),
    Plot(QUALITY, "Report how many children waited for a medical longer than a day", NINE, -50, 2, "near"),
    Plot(QUALITY, "Check that the emergency department’s flag shows a plan", NINE, -45, 4, "near"),
    Plot(REVIEW, "Put the bruising pathway on the wards’ screens", NINE, -70, -11, "slipped"),
    Plot(REVIEW, "Show that each child under two with a fracture is discussed", NINE, -40, 6, "near", serves="0-2"),
    Plot(LEARNING, "Name twenty who are released for the joint training", NINE, -30, 7, "near"),
    Plot(LEARNING, "Bring the trust’s own figures of who was trained", NINE, -30, 1, "near"),
    Plot(EXEC, "Confirm the trust’s seat at the Executive’s away day", NINE, -20, 3, "near"),
    Plot(QUALITY, "Answer the question of the audit about interpreters", NINE, -35, -2, "overdue"),
)  # fmt: skip

BEGUN = "We have begun: the leads have met, and know who does what."
GOES_ON = "Half of it is done. The rest needs the autumn’s figures."
LATE = "Two colleagues left, and the work stands until their posts are filled."
EVIDENCE = "The minute of the team meeting, item 4, and the list that was agreed there."
DONE = "It was done as agreed, and the teams concerned were told."
MISSING = "Good work. Please add how many took part: the group cannot see yet that it reached everybody."
SLIPS = ("The system was changed in the same month.", "The figures came later than promised.")
