"""Day one: an action log or a list of risks from a spreadsheet, looked at row by row, then taken in or discarded."""
