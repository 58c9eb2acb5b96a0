"""The sentences of registers: codes and ids only."""

SENTENCES = {
    "register_marked": "marked who came",
    "register_undone": "took a mark off the register",
    "register_unexpected": "put somebody on the register who came without a place",
    "register_completed": "said that the register is complete; attended: {attended}, did not come: {absent}",
    "training_event_deliver": "the event was delivered",
    "training_event_correct": "opened the register again to correct it",
}
