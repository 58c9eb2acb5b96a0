"""The page of one job: a bar that moves by itself, and a link for those without JavaScript."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse

from partnership.access.page import page
from partnership.access.rows import can
from partnership.jobs.models import Job
from partnership.jobs.services import kind_of
from partnership.people.roles import Perm
from partnership.ui.parts import Progress

ASKED = "A colleague has asked for it already. It is here in a moment: open this page again."


def on_to(request, job, *back):
    """On to the page of a job that was asked for; `back`, as `redirect` takes it, where it is a colleague's own and its
    page is shown to them alone."""
    if can(request.user, Perm.JOB_VIEW, job):
        return redirect("jobs:job", job.pk)
    messages.info(request, ASKED)
    return redirect(*back)


@page(Perm.JOB_VIEW, Job, quiet=True, related=("folder",), methods=("GET",))
def job(request, job):
    kind = kind_of(job)
    words = {"queued": "Waiting for a worker", "running": job.doing or "Working", "done": "Done"}
    why_not = kind.why_not(request.user, job) if job.result_id else ""
    words["failed"] = "Refused: nothing was done" if job.result_id else "It failed"
    context = {
        "job": job,
        "bar": Progress(
            percent=job.percent,
            words=words[job.status],
            url=request.path,
            finished=job.finished,
            failed=job.status == Job.Status.FAILED,
        ),
        "kind": kind,
        "place": kind.back_words or job.folder.called,
        "why_not": why_not,
        "result_url": reverse(kind.result_url, args=[job.result_id]) if job.result_id and not why_not else "",
        "back_url": reverse(kind.back_url, args=[job.subject_id]),
    }
    response = render(request, "jobs/job.html", context)
    if request.htmx and job.finished:
        response["HX-Refresh"] = "true"  # the whole page: it now holds the download, or what went wrong
    return response
