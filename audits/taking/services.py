"""Taking chosen rows of a Word document into a return, by the one writer of answers."""

from django.db import transaction

from audits.answering.services import Typed, save_each
from audits.asking import asked_by


@transaction.atomic
def take_in(row, rows, chosen, *, by) -> tuple[int, list]:
    """Save the answers of the chosen questions. rows: as word_in.brought. Returns how many were saved, and the rows
    whose answer somebody changed since the preview, each with `now` (the Answer that is saved).

    Raises Shut where nothing is written in this return now, ValidationError for a value that is refused.
    """
    wordings = {str(each.question_id): each for each in asked_by(row.round.set_version).wordings}
    wanted = [each for each in rows if each["q"] in chosen and each["q"] in wordings]
    typed = [Typed(wordings[each["q"]], each["values"], each["v"]) for each in wanted]
    done = save_each(row, typed, by=by)
    stale = [each | {"now": done.stale[wording.pk]} for each in wanted
             if (wording := wordings[each["q"]]).pk in done.stale]  # fmt: skip
    return len(done.saved), stale
