"""One importer for registers and lists: file, rows, entries, preview, choice, taking. docs/imports.md."""
