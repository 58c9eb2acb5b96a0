"""The long work of a case: each makes a file in a worker, for whoever still holds its power then."""

from functools import partial

from partnership.jobs.services import Kind, register
from partnership.people.roles import Perm
from reviews import own_account, sending
from reviews.asking import exporting as asking
from reviews.asking import letters
from reviews.chronology import exporting
from reviews.models import Pack, Review
from reviews.packs import services as packs

_download = partial(Kind, model=Review, perm=Perm.REPORT_MAKE, result_url="documents:download")


def register_jobs():
    register(
        "review_report",
        _download(
            title="Rapid review report", make=sending.make_report, keep=sending.keep_report, back_url="reviews:review"
        ),
    )
    for code, label in Pack.Audience.choices:
        register(
            f"pack_{code}",
            _download(
                title=f"Pack for the meeting: {label.lower()}",
                make=packs.maker(code),
                keep=packs.keeper(code),
                back_url="reviews:meeting",
                result_words="Download the pack",
                back_words="The meeting",
                why_not=own_account.why_no_result,
            ),
        )
    others = {"why_not": own_account.why_no_result}
    for name, title, module, more in (
        ("chronology", "Chronology", exporting, others),
        ("outstanding", "Returns that are not in,", asking, {}),
    ):
        for kind, words, make in (("pdf", "PDF", module.make_pdf), ("xlsx", "a spreadsheet", module.make_xlsx)):
            register(
                f"{name}_{kind}",
                _download(
                    title=f"{title} as {words}",
                    make=make,
                    keep=module.keeper(kind),
                    back_url=f"reviews:{name}",
                    result_words=f"Download the {words.removeprefix('a ')}",
                    **more,
                ),
            )
    register(
        "request_letters",
        Kind(
            title="Letters of the requests",
            model=Review,
            perm=Perm.RETURN_REQUEST,
            make=letters.make_letters,
            keep=letters.keep_letters,
            result_url="reviews:letters",
            back_url="reviews:letters",
            result_words="See the letters",
        ),
    )
