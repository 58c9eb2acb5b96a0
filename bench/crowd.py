"""The rows of cases and organisations in bulk, and one of each made larger: also what tests/test_bench.py stands on."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from bench import clocks
from partnership.documents.models import Document, Version
from partnership.people.models import (
    Agency,
    Alias,
    Classification,
    Membership,
    NamedDuty,
    PartnerSeat,
    ScheduleItem,
    Site,
)
from partnership.people.roles import AGENCY_ROLES
from partnership.trail.models import new_id
from reviews.models import (
    AgencyReturn,
    Child,
    Decision,
    Entry,
    EntryNote,
    Notification,
    ReportSection,
    Review,
    Sending,
    SignOff,
)

WORDS = "The agencies met on the day and agreed what each would do before the next contact with the family. "


def reviews(folders, people, agencies, chance, identify) -> list:
    """A review in each sealed folder: notification, report, child, two returns; most decided, signed and sent.

    chance: a random.Random. identify: makes primary keys.
    """
    today = timezone.localdate()
    council = next(agency for agency in agencies if agency.partner_seat == "la")
    rows = {model: [] for model in (Review, Notification, ReportSection, Child, AgencyReturn, Decision, SignOff)}
    files, versions, sendings = [], [], []
    for n, folder in enumerate(folders):
        officer = chance.choice(people)
        notified = today - timedelta(days=2 + chance.randrange(1400))
        status = Review.Status.OPEN if n % 10 < 3 else Review.Status.DECIDED if n % 10 < 6 else Review.Status.SENT
        sent = timezone.make_aware(datetime.combine(notified, time(11)))
        review = Review(
            id=identify(), folder=folder, status=status, edition="WT2023", opened_by=officer, notified_on=notified
        )
        common = {"folder": folder, "review": review}
        rows[Review].append(review)
        rows[Notification].append(
            Notification(
                **common, authority=council, incident_on=notified - timedelta(days=3),
                aware_at=sent - timedelta(days=2), sent_at=sent, harm="harm", setting="At home",
                what_happened=WORDS * 8, safety=WORDS * 2,
                panel_reference=f"P{n}",
            )
        )  # fmt: skip
        for code in ReportSection.Code:
            text = WORDS * {"facts": 20, "lives": 10}.get(code, 0)
            section = ReportSection(**common, code=code, text=text, typed=bool(text), saved_at=sent if text else None)
            rows[ReportSection].append(section)
        rows[Child].append(_child(review, "Child A"))
        for agency in chance.sample(agencies, 2):
            rows[AgencyReturn].append(_return(review, agency, officer))
        if n % 10 >= 3 or n < 2:
            decision = Decision(
                **common, id=identify(), number=1, code="none", rationale=WORDS * 5, recorded_by=officer
            )
            rows[Decision].append(decision)
            rows[SignOff] += _signatures(decision, council, officer)
        if n % 10 >= 6 and n >= 2:
            files.append(
                file := Document(
                    id=identify(), folder=folder, title="Rapid review report", marking="sensitive", goes_out=True
                )
            )
            versions.append(version := _version(file, officer, identify()))
            sendings.append(
                Sending(
                    **common, version=version, sha256=version.sha256, sent_at=sent + timedelta(days=18),
                    sent_by=officer, due_on=notified + timedelta(days=21),
                )
            )  # fmt: skip
    for model, each in rows.items():
        model.objects.bulk_create(each, batch_size=1000)
    for model, each in ((Document, files), (Version, versions), (Sending, sendings)):
        model.objects.bulk_create(each, batch_size=1000)
    sent = {sending.review.pk: sending for sending in sendings}
    noted = zip(rows[Review], rows[Notification], strict=True)
    clocks.of_reviews([(review, notice, sent.get(review.pk)) for review, notice in noted], identify)
    return rows[Review]


def _child(review, pseudonym):
    return Child(folder_id=review.folder_id, review=review, pseudonym=pseudonym, age_band="1-4", legal_status="cin")


def _return(review, agency, author):
    now = timezone.now()
    return AgencyReturn(
        folder_id=review.folder_id, review=review, agency=agency, author=author, case_word="Case", status="submitted",
        asked_by=author, due_on=timezone.localdate(), purpose=WORDS, submitted_at=now, saved_at=now, family=WORDS * 3,
        contacts=WORDS * 10, analysis=WORDS * 10, voice=WORDS * 2, learning=WORDS * 2,
    )  # fmt: skip


def _signatures(decision, agency, signer):
    return [
        SignOff(
            folder_id=decision.folder_id, decision=decision, seat=seat, agency=agency, signer=signer, stance="agrees",
            recorded_by=signer,
        )
        for seat in PartnerSeat.values
    ]  # fmt: skip


def _version(file, maker, pk, number=1):
    return Version(
        id=pk, folder_id=file.folder_id, document=file, number=number, name="report.pdf", size=80_000,
        content_type="application/pdf", sha256=pk.hex * 2, made_by=maker, made_at=timezone.now(),
        state="clean", key=f"{pk.hex[:2]}/{pk.hex}",
    )  # fmt: skip


def enlarge_review(review, rows, *, people, agencies):
    """Bring a decided review to `rows` returns, children and versions of its report."""
    manager = people[0]
    there = set(AgencyReturn.objects.filter(review=review).values_list("agency_id", flat=True))
    spare = [agency for agency in agencies if agency.pk not in there][: rows - len(there)]
    AgencyReturn.objects.bulk_create(_return(review, each, people[n % len(people)]) for n, each in enumerate(spare))
    if len(there) > rows:
        kept = AgencyReturn.objects.filter(review=review)[:rows].values("pk")
        AgencyReturn.objects.filter(review=review).exclude(pk__in=kept).delete()
    children = Child.objects.filter(review=review).count()
    Child.objects.bulk_create(_child(review, f"Child {n:02d}") for n in range(children, rows))
    file = Document.objects.create(
        folder_id=review.folder_id, title="Rapid review report", marking="sensitive", goes_out=True
    )
    Version.objects.bulk_create(_version(file, manager, new_id(), n) for n in range(1, rows + 1))


def enlarge_agency(agency, rows, *, people, partnership):
    """Hang `rows` sites, duties, people, names and saved versions on an organisation, and items of the Schedule."""
    Site.objects.filter(agency=agency).delete()
    Site.objects.bulk_create(Site(agency=agency, name=f"Site {n:02d}", town="Hanley") for n in range(rows))
    Alias.objects.bulk_create(Alias(agency=agency, name=f"Other name {n:02d}") for n in range(rows))
    Classification.objects.bulk_create(
        Classification(agency=agency, item=item, basis="stated") for item in ScheduleItem.objects.all()[:rows]
    )
    NamedDuty.objects.bulk_create(
        NamedDuty(agency=agency, kind="spoc", holder=people[n % len(people)], post=f"Post {n:02d}") for n in range(rows)
    )
    Membership.objects.filter(agency=agency).delete()
    Membership.objects.bulk_create(
        Membership(user=user, partnership=partnership, agency=agency, role=AGENCY_ROLES[1]) for user in people[-rows:]
    )
    versions = Agency.history.model
    now = timezone.now()
    columns = {field.attname: getattr(agency, field.attname) for field in versions.tracked_fields}
    versions.objects.bulk_create(
        versions(**columns | {"note": f"Note {n}"}, history_date=now - timedelta(days=n), history_type="~",
                 history_user=people[0])
        for n in range(rows)
    )  # fmt: skip


def chronology(review, number, *, by, agencies):
    """`number` entries from twelve agencies, a day or two apart with some gaps, each fiftieth with a note beside it."""
    start, day = timezone.localdate() - timedelta(days=10_000), 0
    rows = []
    for n in range(number):
        day += 120 if n % 20 == 19 and n < 200 else n % 3
        on = start + timedelta(days=day)
        rows.append(
            Entry(
                id=new_id(), folder_id=review.folder_id, review=review, precision="day", starts=on, ends=on, place=n,
                written=f"{on:%d.%m.%y}", agency=agencies[n % 12], event=f"{n}: {WORDS}", analysis=WORDS,
                recorded_by=by, digest=f"{n:064x}", alike=f"{n:032x}",
            )
        )  # fmt: skip
    Entry.objects.bulk_create(rows, batch_size=500)
    EntryNote.objects.bulk_create(
        EntryNote(folder_id=review.folder_id, entry=row, note=WORDS, by=by) for row in rows[::50]
    )
