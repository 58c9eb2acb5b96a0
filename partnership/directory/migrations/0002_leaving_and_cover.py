import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import partnership.trail.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0001_imports'),
        ('people', '0003_directory_in_full'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Round',
            fields=[
                ('id', models.UUIDField(default=partnership.trail.models.new_id, editable=False, primary_key=True, serialize=False)),
                ('planned_on', models.DateField(unique=True)),
                ('opened_on', models.DateField()),
                ('edition', models.CharField(max_length=80)),
            ],
            options={
                'ordering': ['-planned_on'],
            },
        ),
        migrations.CreateModel(
            name='Departure',
            fields=[
                ('id', models.UUIDField(default=partnership.trail.models.new_id, editable=False, primary_key=True, serialize=False)),
                ('altogether', models.BooleanField(default=False)),
                ('to_role', models.CharField(blank=True, choices=[('dp', 'Delegated safeguarding partner'), ('al', 'Agency safeguarding lead'), ('as', 'Agency practitioner'), ('sl', 'Designated safeguarding lead')], max_length=2)),
                ('last_day', models.DateField()),
                ('status', models.CharField(choices=[('draft', 'Being prepared'), ('planned', 'Ready: ends on the last day'), ('done', 'Finished'), ('cancelled', 'Given up')], default='draft', max_length=10)),
                ('version', models.PositiveIntegerField(default=1)),
                ('started_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('finished_at', models.DateTimeField(null=True)),
                ('stuck_on', models.DateField(null=True)),
                ('agency', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='departures', to='people.agency')),
                ('confirmed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('started_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('to_agency', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='arrivals', to='people.agency')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='departures', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['last_day', 'id'],
                'indexes': [models.Index(fields=['status', 'last_day'], name='departure_status')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('status__in', ['draft', 'planned'])), fields=('user', 'agency'), name='one_open_departure', nulls_distinct=False)],
            },
        ),
        migrations.CreateModel(
            name='Cover',
            fields=[
                ('id', models.UUIDField(default=partnership.trail.models.new_id, editable=False, primary_key=True, serialize=False)),
                ('starts', models.DateField()),
                ('ends', models.DateField()),
                ('reason', models.CharField(max_length=200)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('ended_at', models.DateTimeField(null=True)),
                ('absent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='covered', to=settings.AUTH_USER_MODEL)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='covering', to=settings.AUTH_USER_MODEL)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['starts', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends__gt', models.F('starts'))), name='cover_ends_after_start'), models.CheckConstraint(condition=models.Q(('absent', models.F('by')), _negated=True), name='covers_another')],
            },
        ),
        migrations.CreateModel(
            name='Confirmation',
            fields=[
                ('id', models.UUIDField(default=partnership.trail.models.new_id, editable=False, primary_key=True, serialize=False)),
                ('status', models.CharField(choices=[('open', 'Waits for an answer'), ('warned', 'Late: a warning was sent'), ('answered', 'Answered'), ('ended', 'Not answered: access ended')], default='open', max_length=10)),
                ('due_on', models.DateField()),
                ('next_on', models.DateField()),
                ('told', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), default=list, size=None)),
                ('warned_on', models.DateField(null=True)),
                ('ends_on', models.DateField(null=True)),
                ('extended_why', models.CharField(blank=True, max_length=300)),
                ('answered_at', models.DateTimeField(null=True)),
                ('agency', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='confirmations', to='people.agency')),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('extended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='confirmations', to='directory.round')),
            ],
            options={
                'ordering': ['agency__name'],
                'indexes': [models.Index(fields=['status', 'next_on'], name='confirmation_status')],
                'constraints': [models.UniqueConstraint(fields=('round', 'agency'), name='asked_once_a_round', nulls_distinct=False)],
            },
        ),
        migrations.CreateModel(
            name='HandOver',
            fields=[
                ('id', models.UUIDField(default=partnership.trail.models.new_id, editable=False, primary_key=True, serialize=False)),
                ('key', models.CharField(max_length=80)),
                ('choice', models.CharField(choices=[('to', 'Handed over'), ('vacant', 'Left to nobody on purpose'), ('keep', 'Kept')], max_length=10)),
                ('done_at', models.DateTimeField(null=True)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('departure', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='decided', to='directory.departure')),
                ('to', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('departure', 'key'), name='decided_once'), models.CheckConstraint(condition=models.Q(models.Q(('choice', 'to'), ('to__isnull', False)), models.Q(models.Q(('choice', 'to'), _negated=True), ('to__isnull', True)), _connector='OR'), name='handed_to_somebody')],
            },
        ),
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('id', models.UUIDField(default=partnership.trail.models.new_id, editable=False, primary_key=True, serialize=False)),
                ('says', models.CharField(choices=[('keep', 'Still needs access'), ('end', 'End access')], max_length=10)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('confirmation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='directory.confirmation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('confirmation', 'user'), name='one_answer_a_person')],
            },
        ),
    ]
