"""A section's text in its parts: people type plain lines, and a page or a PDF shows headings, lists and paragraphs.

A line that begins with '## ' is a heading, one that begins with '- ' a point of a list; an empty line ends a paragraph.
"""

from hashlib import sha256

HEADING, POINT = "## ", "- "


def blocks(text) -> list:
    """(kind, content) in order: ('heading', words), ('list', [words]), ('text', words of one or more lines)."""
    found = []
    for line in text.splitlines():
        line = line.rstrip()
        if line.startswith(HEADING):
            found.append(("heading", line.removeprefix(HEADING).strip()))
        elif line.startswith(POINT):
            if not found or found[-1][0] != "list":
                found.append(("list", []))
            found[-1][1].append(line.removeprefix(POINT).strip())
        elif not line:
            found.append(("", ""))
        elif found and found[-1][0] == "text":
            found[-1] = ("text", f"{found[-1][1]}\n{line}")
        else:
            found.append(("text", line))
    return [each for each in found if each[1]]


def mark_of(text) -> str:
    """In 16 characters; a browser sends lines with other ends than it was given."""
    return sha256("\n".join(text.strip().splitlines()).encode()).hexdigest()[:16]
