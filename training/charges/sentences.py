"""The sentences of charges: codes and ids only."""

SENTENCES = {
    "training_charged": "charged an organisation for a place that nobody used",
    "training_charge_taken_back": "took a charge back, because the register says otherwise now",
    "training_charge_waive": "waived a charge",
    "tariff_added": "added a tariff",
    "tariff_ended": "ended a tariff",
    "charges_exported": "took out the register of charges; rows: {count}",
}
