"""The sentences of what happens to the catalogue: codes and ids only, looked up when they are read."""

SENTENCES = {
    "catalogue_loaded": "took the training catalogue from what comes with the portal",
}
