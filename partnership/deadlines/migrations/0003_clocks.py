import django.db.models.deletion
import django.utils.timezone
import partnership.trail.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0005_office'),
        ('deadlines', '0002_rows_stay'),
        ('people', '0002_operator_role'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Deadline',
            fields=[
                ('id', models.UUIDField(default=partnership.trail.models.new_id, editable=False, primary_key=True, serialize=False)),
                ('subject_kind', models.CharField(max_length=40)),
                ('subject_id', models.UUIDField()),
                ('rule', models.CharField(max_length=60)),
                ('edition', models.CharField(max_length=80)),
                ('what', models.CharField(blank=True, max_length=200, verbose_name='what is due')),
                ('length', models.PositiveSmallIntegerField(null=True)),
                ('unit', models.CharField(blank=True, max_length=20)),
                ('division', models.CharField(max_length=30)),
                ('trigger_at', models.DateTimeField()),
                ('due_on', models.DateField()),
                ('due_at', models.DateTimeField()),
                ('owed_by', models.CharField(blank=True, max_length=30)),
                ('soft', models.BooleanField(default=False)),
                ('status', models.CharField(choices=[('open', 'Running'), ('paused', 'Paused'), ('met', 'Met'), ('cancelled', 'Cancelled'), ('superseded', 'Replaced')], default='open', max_length=10)),
                ('started_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('met_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('late_reason', models.CharField(blank=True, max_length=1000)),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='why it was replaced, paused or cancelled')),
                ('paused_on', models.DateField(null=True)),
                ('paused_days', models.PositiveSmallIntegerField(default=0)),
                ('agency', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deadlines', to='people.agency')),
                ('calendar', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='deadlines.calendarversion')),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('folder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deadlines', to='access.folder')),
                ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deadlines', to=settings.AUTH_USER_MODEL)),
                ('started_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('supersedes', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='deadlines.deadline')),
            ],
            options={
                'ordering': ['due_at', 'id'],
                'indexes': [models.Index(condition=models.Q(('status', 'open')), fields=['due_on'], name='deadline_open'), models.Index(fields=['subject_id'], name='deadline_subject'), models.Index(condition=models.Q(('status', 'open')), fields=['owner', 'due_on'], name='deadline_owner')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('status__in', ['open', 'paused'])), fields=('subject_kind', 'subject_id', 'rule'), name='one_running_clock'), models.CheckConstraint(condition=models.Q(models.Q(('met_at__isnull', False), ('status', 'met')), models.Q(models.Q(('status', 'met'), _negated=True), ('met_at__isnull', True)), _connector='OR'), name='met_has_its_time'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'met'), _negated=True), ('met_at__lte', models.F('due_at')), models.Q(('late_reason', ''), _negated=True), ('soft', True), _connector='OR'), name='late_has_its_reason')],
            },
        ),
        migrations.CreateModel(
            name='Milestone',
            fields=[
                ('id', models.UUIDField(default=partnership.trail.models.new_id, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=40)),
                ('label', models.CharField(max_length=120)),
                ('on', models.DateField()),
                ('fire_at', models.DateTimeField()),
                ('step', models.BooleanField(default=False)),
                ('level', models.CharField(choices=[('owner', 'Whoever owes it'), ('manager', 'Deputy or manager'), ('partners', 'Delegated safeguarding partners')], default='owner', max_length=10)),
                ('perm', models.CharField(blank=True, max_length=30)),
                ('statutory', models.BooleanField(default=False)),
                ('state', models.CharField(choices=[('pending', 'To come'), ('fired', 'Told'), ('suppressed', 'Not needed')], default='pending', max_length=10)),
                ('fired_at', models.DateTimeField(null=True)),
                ('late_by', models.DurationField(null=True)),
                ('why', models.CharField(blank=True, max_length=20)),
                ('done_at', models.DateTimeField(null=True)),
                ('retry_after', models.DateTimeField(null=True)),
                ('problem', models.CharField(blank=True, max_length=100)),
                ('deadline', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='milestones', to='deadlines.deadline')),
                ('done_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('folder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='milestones', to='access.folder')),
            ],
            options={
                'ordering': ['fire_at', 'code'],
                'indexes': [models.Index(condition=models.Q(('state', 'pending')), fields=['fire_at', 'id'], name='milestone_pending')],
                'constraints': [models.UniqueConstraint(fields=('deadline', 'code'), name='milestone_once')],
            },
        ),
    ]
