"""Tables that people send in: CSV, XLSX or pasted lines as rows of text, and dates as people write them."""
