"""What was notified, answered, found and written in the demo's review that was sent. All of it is invented."""

NOTIFIED = {
    "setting": "In the street",
    "what_happened": "A girl of fifteen was stabbed in the leg. She is thought to have been exploited.",
    "safety": "Her younger cousin in the same household was seen and is safe.",
    "panel_reference": "DEMO-0388",
    "notifier": "Head of service, safeguarding and quality assurance",
    "categories": ["criminal"],
    "agencies_involved": "School; children’s social care; police.",
    "police_involved": "yes",
    "coroner_told": "no",
    "partners_agreed": "yes",
}
SCHOOL = {
    "family": "Child A, a girl of fifteen, lived with her grandmother.",
    "contacts": "Attendance fell from 96 to 41 per cent in two terms; four calls home; one meeting.",
    "analysis": "Absence was followed as absence. What she was doing on those days was not asked.",
    "voice": "She told a teaching assistant that she was 'earning'.",
    "good_practice": "The teaching assistant wrote the words down on the same day.",
    "learning": "A fall of more than a quarter in a term is talked over with the safeguarding lead.",
}
SOCIAL_CARE = {
    "family": "Child A lived with her grandmother and a cousin of nine. No social worker.",
    "contacts": "One contact from the school about absence, answered with advice. One from the police, not matched.",
    "analysis": "The two contacts came within three weeks and were read by two people, neither knowing of the other.",
    "voice": "Nobody from children’s social care had spoken with her before the incident.",
    "inequality": "She was described as streetwise and older than her years. That kept her from being seen as a child.",
    "learning": "A second contact about the same child within three months is read together with the first.",
    "immediate_action": "All contacts of the last quarter about absence are matched with missing reports.",
}
POLICE = {
    "family": "Known as a missing child; no offences.",
    "contacts": "Reported missing three times in five weeks; found each time in the same street.",
    "analysis": "Each return was closed by itself. The same address stands in all three records.",
    "voice": "She said to an officer that she 'could not just stop'. It was not followed.",
    "learning": "A third report in three months leads to a strategy discussion.",
    "immediate_action": "The address has been visited and two adults are bailed.",
}
# days before the incident, agency slug, event, what is to be said of it, the child's voice
CHRONOLOGY = (
    (160, "urn-124020", "Attendance falls below 60 per cent.", "Followed as absence alone.", ""),
    (72, "urn-124020", "She tells a teaching assistant that she ‘earns’.", "Written, not passed on.", "‘Earning.’"),
    (41, "staffs-police", "Missing overnight; found near the bus station.", "Closed with a note.", ""),
    (24, "staffs-police", "Missing again; in the same street.", "No address was compared.", "‘I can’t just stop.’"),
    (20, "sotcc", "The school’s contact about absence is answered with advice.", "Not matched with the reports.", ""),
    (6, "staffs-police", "A third report. She is found with a new telephone.", "No strategy discussion.", ""),
    (0, "staffs-police", "She is stabbed in the leg.", "", ""),
)  # fmt: skip
NOTES = (
    "Present: the designated nurse (chair), children’s social care, the police’s delegated partner, the headteacher. "
    "Apologies: the council’s delegated partner.\n\n"
    "The four returns and the chronology were gone through in order. All agreed that three services each knew a part. "
    "The police asked for a local review; the others thought that the learning is complete and can begin now.\n\n"
    "To do: the shared list of children who are often missing, by the end of next month."
)
# title, days before the incident, what happened, the analysis
EPISODES = (
    (
        "‘Earning’",
        72,
        "She told a teaching assistant that she was earning. It was written down on the same day.",
        "The note went into a file on absence. Nobody asked what she meant, and nobody outside the school read it.",
    ),
    (
        "Three times missing",
        41,
        "The police found her three times within five weeks, twice in the same street.",
        "Each return was closed by itself, so that no strategy discussion was held.",
    ),
)
SAFETY = "She and her cousin were seen on the same day and a safety plan was agreed with her grandmother."
RECOMMENDATION = "Schools, police and children’s services share one list of children who are often missing."
SUCCESS = "No child on the list is without a named worker for longer than five days."
RATIONALE = (
    "The learning is complete and its actions can begin now. The criteria of regulation 11 were considered one by one: "
    "nothing new would be learned of how agencies work together that is not known from these returns."
)
SECTIONS = {
    "facts": "A girl of fifteen was seriously hurt while she was being exploited to carry drugs.\n\n"
    "In the half year before, her attendance fell by more than half, she was reported missing three times, and she "
    "said to two adults that she was earning and could not stop. Three services each held a part of this.",
    "lives": "She was funny, proud of her drawing, and tired. She told three adults parts of what was happening.\n\n"
    "She was described as streetwise. A child who is thought of as older than she is, is asked fewer questions.",
    "known": "Two earlier reviews here found that missing reports were closed one by one. The list that was agreed "
    "then was kept by the police alone.",
    "family": "Her grandmother was seen by the case lead with the senior investigator’s agreement. She had rung the "
    "school twice and did not know whom else to ring. The girl herself does not want to speak yet; she will be asked "
    "again.",
    "improvements": "Missing school, missing from home and new things were known in three places, joined in none.\n\n"
    "- One list, shared by schools, police and children’s services, read every week.\n"
    "- A third missing report within three months leads to a strategy discussion.",
}
DISAGREES = "We would have held a local review: the county line runs on."
REPLY = "The Panel agrees with the decision. It asks to hear in six months what came of the shared list."
