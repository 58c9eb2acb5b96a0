import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
import partnership.trail.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Heartbeat',
            fields=[
                ('name', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('last_ok_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('lag_seconds', models.FloatField(default=0)),
                ('detail', models.JSONField(default=dict)),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Outgoing',
            fields=[
                ('id', models.UUIDField(default=partnership.trail.models.new_id, editable=False, primary_key=True, serialize=False)),
                ('key', models.CharField(max_length=120, unique=True)),
                ('template', models.CharField(max_length=20)),
                ('template_version', models.PositiveSmallIntegerField(default=1)),
                ('priority', models.PositiveSmallIntegerField(default=3)),
                ('apart', models.BooleanField(default=True)),
                ('state', models.CharField(choices=[('queued', 'Waiting'), ('leased', 'Being sent'), ('accepted', 'Sent'), ('delivered', 'Delivered'), ('bounced', 'Came back'), ('dead', 'Given to the operator'), ('cancelled', 'No longer wanted')], default='queued', max_length=10)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('next_attempt_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('first_tried_at', models.DateTimeField(null=True)),
                ('lease_until', models.DateTimeField(null=True)),
                ('lease_token', models.UUIDField(null=True)),
                ('provider_ref', models.CharField(max_length=60, unique=True)),
                ('last_error', models.CharField(blank=True, default='', max_length=40)),
                ('possible_duplicate', models.BooleanField(default=False)),
                ('asked_at', models.DateTimeField(null=True)),
                ('looked_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('accepted_at', models.DateTimeField(null=True)),
                ('delivered_at', models.DateTimeField(null=True)),
                ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='outgoing', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['priority', 'next_attempt_at'],
                'indexes': [models.Index(condition=models.Q(('state', 'queued')), fields=['priority', 'next_attempt_at'], name='outgoing_queue'), models.Index(condition=models.Q(('state', 'leased')), fields=['lease_until'], name='outgoing_leases'), models.Index(condition=models.Q(('apart', True), ('attempts', 0), ('state', 'queued')), fields=['recipient'], name='outgoing_joinable'), models.Index(condition=models.Q(('state', 'accepted')), fields=['asked_at'], name='outgoing_to_ask'), models.Index(condition=models.Q(('state__in', ['dead', 'bounced'])), fields=['created_at'], name='outgoing_dead')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('lease_token__isnull', False), ('lease_until__isnull', False), ('state', 'leased')), models.Q(('state', 'leased'), _negated=True), _connector='OR'), name='a_lease_has_an_end')],
            },
        ),
        migrations.CreateModel(
            name='Preference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40)),
                ('email', models.CharField(choices=[('now', 'At once'), ('digest', 'In the 8:30 digest'), ('none', 'Not by email')], max_length=6)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='preferences', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['kind'],
                'constraints': [models.UniqueConstraint(fields=('user', 'kind'), name='one_preference')],
            },
        ),
        migrations.CreateModel(
            name='Alarm',
            fields=[
                ('id', models.UUIDField(default=partnership.trail.models.new_id, editable=False, primary_key=True, serialize=False)),
                ('key', models.CharField(max_length=120)),
                ('what', models.CharField(max_length=60)),
                ('data', models.JSONField(default=dict)),
                ('raised_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('closed_at', models.DateTimeField(null=True)),
                ('closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-raised_at'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at__isnull', True)), fields=('key',), name='one_open_alarm')],
            },
        ),
        migrations.CreateModel(
            name='DemoMail',
            fields=[
                ('id', models.UUIDField(default=partnership.trail.models.new_id, editable=False, primary_key=True, serialize=False)),
                ('provider_ref', models.CharField(max_length=60)),
                ('subject', models.CharField(max_length=200)),
                ('body', models.TextField()),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at'],
                'indexes': [models.Index(fields=['provider_ref'], name='demo_mail_ref')],
            },
        ),
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('id', models.UUIDField(default=partnership.trail.models.new_id, editable=False, primary_key=True, serialize=False)),
                ('since', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('reason', models.CharField(max_length=300)),
                ('released_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('released_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-since'],
                'constraints': [models.UniqueConstraint(models.Value(1), condition=models.Q(('released_at__isnull', True)), name='one_hold_at_a_time')],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.UUIDField(default=partnership.trail.models.new_id, editable=False, primary_key=True, serialize=False)),
                ('key', models.CharField(max_length=200)),
                ('kind', models.CharField(max_length=40)),
                ('folder_id', models.UUIDField(null=True)),
                ('subject_id', models.UUIDField()),
                ('data', models.JSONField(default=dict)),
                ('by_mail', models.CharField(choices=[('now', 'At once'), ('digest', 'In the morning’s digest'), ('off', 'In the portal only, as the person chose'), ('unreachable', 'In the portal only: there is no address to write to')], max_length=12)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('read_at', models.DateTimeField(null=True)),
                ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to=settings.AUTH_USER_MODEL)),
                ('outgoing', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='notify.outgoing')),
            ],
            options={
                'ordering': [models.OrderBy(models.F('read_at'), nulls_first=True), '-created_at', 'id'],
                'indexes': [models.Index(fields=['recipient', '-created_at'], name='notice_mine'), models.Index(fields=['subject_id'], name='notice_subject'), models.Index(condition=models.Q(('by_mail', 'digest'), ('outgoing__isnull', True), ('read_at__isnull', True)), fields=['recipient', 'created_at'], name='notice_for_digest')],
                'constraints': [models.UniqueConstraint(fields=('key', 'recipient'), name='told_once')],
            },
        ),
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('n', models.PositiveSmallIntegerField()),
                ('started_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('outcome', models.CharField(choices=[('accepted', 'Accepted'), ('found', 'The provider had it already'), ('later', 'To be tried again'), ('refused', 'Refused for good'), ('broken', 'It could not be written'), ('cancelled', 'No longer wanted'), ('lost', 'The sender died or hung')], max_length=10)),
                ('code', models.CharField(blank=True, max_length=40)),
                ('outgoing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tries', to='notify.outgoing')),
            ],
            options={
                'ordering': ['outgoing', 'n'],
                'constraints': [models.UniqueConstraint(fields=('outgoing', 'n', 'outcome'), name='attempt_ends_once')],
            },
        ),
    ]
