"""The sentences of what happens to the catalogue: codes and ids only, looked up when they are read."""

SENTENCES = {
    "catalogue_loaded": "took the training catalogue from what comes with the portal",
    "course_added": "added a course to the catalogue, as a draft",
    "course_changed": "changed what is said of the course",
    "course_offer": "put the course into the catalogue",
    "course_withdraw": "took the course out of the catalogue",
}
