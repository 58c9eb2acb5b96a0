"""What the agencies of the demo's first review answered. Child, family and events are invented."""

HOSPITAL = {
    "family": "Mother, partner, Child A and an older brother at one address.",
    "contacts": "Booking at ten weeks; two missed antenatal visits followed up by telephone; delivery without "
    "complication; attendance at nine weeks with a bruise to the cheek, discharged after review by a junior doctor.",
    "analysis": "A bruise in a baby who does not yet move was not discussed with a senior clinician, although the "
    "pathway asks for it. The clinician was covering two areas and did not find the pathway on the new system.",
    "voice": "Staff noted that the baby was quiet and did not settle when handled by the partner.",
    "inequality": "The mother's first language is not English; an interpreter was used once in six contacts.",
    "good_practice": "The community midwife visited unannounced after the second missed appointment.",
    "learning": "The bruising pathway must open from the record itself; interpreters must be booked at first contact.",
    "immediate_action": "The pathway was re-issued to the emergency department on the day after the incident.",
    "other_agencies": "Health visiting; early help; a nursery for the older child.",
}
COMMUNITY_HEALTH = {
    "family": "Mother, her partner of one year, Child A and Child B, a brother of four. A half-sister of eleven lives "
    "with her father in another county.",
    "contacts": "New birth visit at eleven days; six-week review not done because of sickness; one telephone call at "
    "eight weeks, when mother said that the baby cried a great deal.",
    "analysis": "The missed six-week review was not handed on. Nobody in the team knew that the partner had moved in.",
    "voice": "The visitor wrote that the baby watched faces and was soothed by mother; the brother hid behind a chair.",
    "inequality": "Written advice was left in English although mother reads another language.",
    "good_practice": "The visitor asked about crying, sleep and who else looks after the baby.",
    "learning": "A review that falls out through sickness must be given to somebody by name within five days.",
    "immediate_action": "All six-week reviews that were missed since September have been listed and given out.",
    "other_agencies": "General practice; nursery; hospital.",
}
POLICE = {
    "family": "The partner is known under two names. Child A and Child B; a half-sister in another county.",
    "contacts": "One call by a neighbour seven months before, about shouting; no offence, no report to children's "
    "social care. The partner was cautioned in another force area three years before.",
    "analysis": "The officers saw Child B asleep and did not record who else lived there. A search of the national "
    "database would have shown the caution.",
    "voice": "Child B was not spoken to at the call; he was asleep.",
    "inequality": "No interpreter was called; the neighbour translated.",
    "good_practice": "The attending officer returned the next day in daylight.",
    "learning": "A notice goes to the front door whenever a child lives where shouting was reported.",
    "immediate_action": "The two officers have been debriefed; the force's guidance on interpreters was re-issued.",
    "other_agencies": "The police force of the other county.",
}
SOCIAL_CARE = {
    "family": "Mother, partner, Child A and Child B. The half-sister of eleven is known to the other county.",
    "contacts": "Early help for ten weeks, fourteen months before, for housing; closed with goals met. One contact "
    "from the nursery four weeks before the incident, answered with advice.",
    "analysis": "The contact from the nursery was looked at by itself, without the early help record. The threshold "
    "was read as if a bruise had to be seen on the day.",
    "voice": "Child B told the nursery 'he squeezes'. The words were in the contact and were not followed.",
    "inequality": "The family's language and church were recorded and were not used to reach them.",
    "good_practice": "The duty worker rang the nursery back within the hour.",
    "learning": "A contact about a child under five is read together with what the family had before.",
    "immediate_action": "Contacts of the last three months about children under five are being read again.",
    "other_agencies": "Nursery; health visiting; the other county's children's services.",
}

# days before the incident, agency slug, which children, event, what is to be said of it, the child's voice
CHRONOLOGY = (
    (430, "sotcc", "B", "Early help begins, for overcrowding and arrears.", "", ""),
    (362, "sotcc", "B", "Early help ends with its goals met.", "Who lived there was not asked.", ""),
    (215, "staffs-police", "B", "A neighbour reports shouting. Officers attend; no offence.",
     "No notice to the front door. No search under the partner's other name.", "Child B was asleep."),
    (161, "uhnm", "A", "Child A is born at term, without complication.", "", ""),
    (150, "mpft", "A", "New birth visit at home. Mother is tired; the partner is not present.",
     "", "The baby watches faces and is soothed by mother."),
    (119, "mpft", "A", "The six-week review is not done: the visitor is off sick.",
     "It was handed to nobody.", ""),
    (98, "uhnm", "A", "A bruise to the cheek of Child A. Seen by a junior doctor; discharged.",
     "The bruising pathway was not followed.", "Quiet; did not settle with the partner."),
    (97, "mpft", "A", "The hospital's letter about the attendance arrives; it names no bruise.",
     "", ""),
    (28, "sotcc", "AB", "The nursery rings: Child B says 'he squeezes'. Advice is given.",
     "Read alone, without the early help record.", "'He squeezes.'"),
    (3, "uhnm", "A", "Mother rings: the baby cries and will not move one arm. Told to come in.",
     "", ""),
    (0, "uhnm", "A", "Child A is brought in. Fractures of different ages are found.", "", ""),
)  # fmt: skip
