"""The page of one job: a bar that moves by itself, and a link for those without JavaScript."""

from django.shortcuts import render
from django.urls import reverse

from partnership.access.page import page
from partnership.jobs.models import Job
from partnership.jobs.services import kind_of
from partnership.people.roles import Perm


@page(Perm.JOB_VIEW, Job, quiet=True, methods=("GET",))
def job(request, job):
    kind = kind_of(job)
    context = {
        "job": job,
        "kind": kind,
        "result_url": reverse(kind.result_url, args=[job.result_id]) if job.result_id else "",
        "back_url": reverse(kind.back_url, args=[job.subject_id]),
    }
    return render(request, "jobs/_progress.html" if request.htmx else "jobs/job.html", context)
