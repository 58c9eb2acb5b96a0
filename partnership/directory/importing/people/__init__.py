"""People, their duties and the contacts of organisations from a spreadsheet, through the importer of registers."""
