
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.fields.json
import django.utils.timezone
import partnership.people.words
import partnership.trail.models
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0015_meetings'),
        ('actions', '0003_words'),
        ('boards', '0002_challenges'),
        ('documents', '0005_renditions'),
        ('people', '0011_words'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Arrangement',
            fields=[
                ('starts', models.DateField(blank=True, null=True, verbose_name='from')),
                ('ends', models.DateField(blank=True, null=True, verbose_name='until (this day no longer)')),
                ('version', models.PositiveIntegerField(default=1)),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('id', models.UUIDField(default=partnership.trail.models.new_id, editable=False, primary_key=True, serialize=False)),
                ('ref', models.CharField(blank=True, max_length=20)),
                ('name', models.CharField(max_length=200)),
                ('area', models.CharField(blank=True, max_length=200)),
                ('source', models.CharField(blank=True, max_length=300)),
            ],
            options={
                'ordering': ['-starts', 'name'],
            },
        ),
        migrations.CreateModel(
            name='Assistant',
            fields=[
                ('starts', models.DateField(blank=True, null=True, verbose_name='from')),
                ('ends', models.DateField(blank=True, null=True, verbose_name='until (this day no longer)')),
                ('id', models.UUIDField(default=partnership.trail.models.new_id, editable=False, primary_key=True, serialize=False)),
                ('named_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ['-named_at'],
            },
        ),
        migrations.CreateModel(
            name='Attendance',
            fields=[
                ('id', models.UUIDField(default=partnership.trail.models.new_id, editable=False, primary_key=True, serialize=False)),
                ('place', models.UUIDField(blank=True, null=True)),
                ('name', models.CharField(blank=True, max_length=200)),
                ('post', models.CharField(blank=True, max_length=200)),
                ('organisation', models.CharField(blank=True, max_length=200)),
                ('voting', models.CharField(choices=[('yes', 'Votes'), ('no', 'Does not vote'), ('unknown', 'Not said')], default='unknown', max_length=10)),
                ('standing', models.CharField(choices=[('member', 'Member'), ('observer', 'Participant observer'), ('adviser', 'Adviser or critical friend')], default='member', max_length=10)),
                ('chairs', models.BooleanField(default=False)),
                ('mark', models.CharField(blank=True, choices=[('present', 'Present'), ('apologies', 'Apologies'), ('deputy', 'Deputy'), ('absent', 'Absent'), ('na', 'Not applicable'), ('observer', 'Observed')], max_length=10)),
                ('stood_in_words', models.CharField(blank=True, max_length=200)),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='why it was put right after the minutes were agreed')),
                ('source', models.CharField(blank=True, max_length=300)),
            ],
            options={
                'ordering': ['meeting', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Correction',
            fields=[
                ('id', models.UUIDField(default=partnership.trail.models.new_id, editable=False, primary_key=True, serialize=False)),
                ('words', models.TextField(max_length=4000)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('outcome', models.CharField(choices=[('waiting', 'Not yet looked at'), ('taken', 'Taken in'), ('declined', 'Not taken in')], default='waiting', max_length=10)),
                ('outcome_words', models.CharField(blank=True, max_length=500)),
            ],
            options={
                'ordering': ['at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('version', models.PositiveIntegerField(default=1)),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('id', models.UUIDField(default=partnership.trail.models.new_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveSmallIntegerField()),
                ('text', models.TextField(max_length=4000)),
                ('reason', models.TextField(blank=True, max_length=4000)),
                ('dissent', models.TextField(blank=True, max_length=4000)),
                ('how', models.CharField(choices=[('unanimous', 'All agreed'), ('consensus', 'Agreed without a vote'), ('majority', 'By a majority'), ('chair', 'By the chair'), ('outside', 'Outside the meeting')], default='consensus', max_length=10, verbose_name='how it was agreed')),
                ('quorate', models.BooleanField(null=True, verbose_name='whether the meeting was quorate')),
                ('made_on', models.DateField(default=django.utils.timezone.localdate)),
                ('taken_back_at', models.DateTimeField(blank=True, null=True)),
                ('answer', models.TextField(blank=True, max_length=4000)),
                ('answered_on', models.DateField(blank=True, null=True)),
            ],
            options={
                'ordering': ['meeting', 'number'],
            },
        ),
        migrations.CreateModel(
            name='Edition',
            fields=[
                ('id', models.UUIDField(default=partnership.trail.models.new_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveSmallIntegerField()),
                ('kind', models.CharField(choices=[('circulated', 'Draft for correction'), ('agreed', 'Agreed minutes'), ('corrected', 'Corrected minutes')], max_length=12)),
                ('reason', models.CharField(blank=True, max_length=1000)),
                ('sha256', models.CharField(max_length=64)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ['meeting', '-number'],
            },
        ),
        migrations.CreateModel(
            name='Highlight',
            fields=[
                ('version', models.PositiveIntegerField(default=1)),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('id', models.UUIDField(default=partnership.trail.models.new_id, editable=False, primary_key=True, serialize=False)),
                ('words', models.TextField(max_length=4000)),
                ('written_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ['agency__name', 'id'],
            },
        ),
        migrations.CreateModel(
            name='HistoricalArrangement',
            fields=[
                ('starts', models.DateField(blank=True, null=True, verbose_name='from')),
                ('ends', models.DateField(blank=True, null=True, verbose_name='until (this day no longer)')),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('id', models.UUIDField(db_index=True, default=partnership.trail.models.new_id, editable=False)),
                ('ref', models.CharField(blank=True, max_length=20)),
                ('name', models.CharField(max_length=200)),
                ('area', models.CharField(blank=True, max_length=200)),
                ('source', models.CharField(blank=True, max_length=300)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical arrangement',
                'verbose_name_plural': 'historical arrangements',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalOtherBody',
            fields=[
                ('starts', models.DateField(blank=True, null=True, verbose_name='from')),
                ('ends', models.DateField(blank=True, null=True, verbose_name='until (this day no longer)')),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('id', models.UUIDField(db_index=True, default=partnership.trail.models.new_id, editable=False)),
                ('name', models.CharField(max_length=200)),
                ('shared', models.TextField(blank=True, max_length=2000, verbose_name='what is shared')),
                ('together', models.TextField(blank=True, max_length=2000, verbose_name='what is done together')),
                ('through', models.CharField(blank=True, max_length=300, verbose_name='through whom (posts)')),
                ('source', models.CharField(blank=True, max_length=300)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical other body',
                'verbose_name_plural': 'historical other bodys',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalQuorum',
            fields=[
                ('starts', models.DateField(blank=True, null=True, verbose_name='from')),
                ('ends', models.DateField(blank=True, null=True, verbose_name='until (this day no longer)')),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('id', models.UUIDField(db_index=True, default=partnership.trail.models.new_id, editable=False)),
                ('at_least', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('share', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='per cent of the seats that vote')),
                ('source', models.CharField(blank=True, max_length=300)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical quorum',
                'verbose_name_plural': 'historical quorums',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalQuorum_all_of',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('m2m_history_id', models.AutoField(primary_key=True, serialize=False)),
            ],
            options={
                'verbose_name': 'HistoricalQuorum_all_of',
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalRotation',
            fields=[
                ('starts', models.DateField(blank=True, null=True, verbose_name='from')),
                ('ends', models.DateField(blank=True, null=True, verbose_name='until (this day no longer)')),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('id', models.UUIDField(db_index=True, default=partnership.trail.models.new_id, editable=False)),
                ('every_months', models.PositiveSmallIntegerField(default=6)),
                ('order', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None)),
                ('source', models.CharField(blank=True, max_length=300)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical rotation',
                'verbose_name_plural': 'historical rotations',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalTerms',
            fields=[
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('id', models.UUIDField(db_index=True, default=partnership.trail.models.new_id, editable=False)),
                ('number', models.PositiveSmallIntegerField()),
                ('words', models.TextField(blank=True, max_length=20000, verbose_name='terms of reference')),
                ('in_force_from', models.DateField()),
                ('review_on', models.DateField(blank=True, null=True)),
                ('approved_words', models.CharField(blank=True, max_length=300, verbose_name='approved by, before the portal')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical terms',
                'verbose_name_plural': 'historical termss',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Interest',
            fields=[
                ('id', models.UUIDField(default=partnership.trail.models.new_id, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(blank=True, max_length=200, verbose_name='of somebody without a sign-in')),
                ('words', models.CharField(max_length=1000)),
                ('effect', models.CharField(blank=True, choices=[('stays', 'Stays and takes part'), ('silent', 'Stays, without taking part'), ('leaves', 'Leaves for the item')], max_length=10)),
                ('declared_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ['declared_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Invitee',
            fields=[
                ('id', models.UUIDField(default=partnership.trail.models.new_id, editable=False, primary_key=True, serialize=False)),
                ('post', models.CharField(blank=True, max_length=200, verbose_name='name or post, of somebody without a sign-in')),
                ('organisation', models.CharField(blank=True, max_length=200)),
                ('chairs', models.BooleanField(default=False)),
                ('answer', models.CharField(blank=True, choices=[('coming', 'Coming'), ('apologies', 'Apologies'), ('deputy', 'Sends a deputy'), ('tentative', 'Not sure yet')], max_length=10)),
                ('deputy_words', models.CharField(blank=True, max_length=200, verbose_name='deputy without a sign-in')),
                ('words', models.CharField(blank=True, max_length=500)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('by_link', models.BooleanField(default=False)),
                ('told_sequence', models.PositiveIntegerField(blank=True, null=True)),
                ('called_for', models.DateTimeField(blank=True, null=True)),
                ('bounced_at', models.DateTimeField(blank=True, null=True)),
                ('invited_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['invited_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Item',
            fields=[
                ('version', models.PositiveIntegerField(default=1)),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('id', models.UUIDField(default=partnership.trail.models.new_id, editable=False, primary_key=True, serialize=False)),
                ('restricted', models.BooleanField(default=False)),
                ('position', models.PositiveIntegerField()),
                ('title', models.CharField(max_length=200)),
                ('about', models.TextField(blank=True, max_length=4000, verbose_name='what it is about')),
                ('purpose', models.CharField(choices=[('decide', 'To decide'), ('assure', 'To assure'), ('note', 'To note')], default='note', max_length=10)),
                ('minutes_allowed', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='minutes')),
                ('presenter_words', models.CharField(blank=True, max_length=200, verbose_name='presenter without a sign-in')),
                ('standing_business', models.BooleanField(default=False)),
                ('removed_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['meeting', 'position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Meeting',
            fields=[
                ('version', models.PositiveIntegerField(default=1)),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('id', models.UUIDField(default=partnership.trail.models.new_id, editable=False, primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=200)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField(blank=True, null=True)),
                ('place', models.CharField(blank=True, max_length=300)),
                ('link', models.URLField(blank=True, max_length=500)),
                ('uid', models.UUIDField(default=partnership.trail.models.new_id, editable=False, unique=True)),
                ('sequence', models.PositiveIntegerField(default=0)),
                ('status', models.CharField(choices=[('planned', 'Planned'), ('called', 'Called'), ('held', 'Held'), ('cancelled', 'Cancelled')], default='planned', max_length=10)),
                ('called_at', models.DateTimeField(blank=True, null=True)),
                ('held_at', models.DateTimeField(blank=True, null=True)),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='why it was cancelled')),
                ('minutes_status', models.CharField(choices=[('none', 'Not begun'), ('draft', 'Draft'), ('circulated', 'Circulated for correction'), ('checked', 'Checked by the chair'), ('agreed', 'Agreed'), ('published', 'Published')], default='none', max_length=12)),
                ('minutes_agreed_at', models.DateTimeField(blank=True, null=True)),
                ('agreed_words', models.CharField(blank=True, max_length=200)),
                ('checked_at', models.DateTimeField(blank=True, null=True)),
                ('checked_words', models.CharField(blank=True, max_length=500)),
                ('attendance_version', models.PositiveIntegerField(default=1)),
                ('source', models.CharField(blank=True, max_length=300)),
                ('day_only', models.BooleanField(default=False, verbose_name='the source gives no time')),
                ('month_only', models.BooleanField(default=False, verbose_name='the source gives the month alone')),
            ],
            options={
                'ordering': ['starts_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Minute',
            fields=[
                ('version', models.PositiveIntegerField(default=1)),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('id', models.UUIDField(default=partnership.trail.models.new_id, editable=False, primary_key=True, serialize=False)),
                ('text', models.TextField(blank=True, max_length=100000)),
            ],
            options={
                'ordering': ['item'],
            },
        ),
        migrations.CreateModel(
            name='MinutesPrint',
            fields=[
                ('id', models.UUIDField(default=partnership.trail.models.new_id, editable=False, primary_key=True, serialize=False)),
                ('parts', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ['-made_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='OtherBody',
            fields=[
                ('starts', models.DateField(blank=True, null=True, verbose_name='from')),
                ('ends', models.DateField(blank=True, null=True, verbose_name='until (this day no longer)')),
                ('version', models.PositiveIntegerField(default=1)),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('id', models.UUIDField(default=partnership.trail.models.new_id, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=200)),
                ('shared', models.TextField(blank=True, max_length=2000, verbose_name='what is shared')),
                ('together', models.TextField(blank=True, max_length=2000, verbose_name='what is done together')),
                ('through', models.CharField(blank=True, max_length=300, verbose_name='through whom (posts)')),
                ('source', models.CharField(blank=True, max_length=300)),
            ],
            options={
                'ordering': ['group', 'name'],
            },
        ),
        migrations.CreateModel(
            name='Pack',
            fields=[
                ('id', models.UUIDField(default=partnership.trail.models.new_id, editable=False, primary_key=True, serialize=False)),
                ('restricted', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), blank=True, default=list, size=None)),
                ('number', models.PositiveSmallIntegerField(default=0)),
                ('pages', models.JSONField(default=list)),
                ('first_page', models.PositiveIntegerField(default=1)),
                ('last_page', models.PositiveIntegerField(default=0)),
                ('made_of', models.CharField(blank=True, max_length=64)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['meeting', '-made_at'],
            },
        ),
        migrations.CreateModel(
            name='Paper',
            fields=[
                ('version', models.PositiveIntegerField(default=1)),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('id', models.UUIDField(default=partnership.trail.models.new_id, editable=False, primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=200)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('asked_words', models.CharField(blank=True, max_length=200, verbose_name='asked of somebody without a sign-in')),
                ('due_on', models.DateField(blank=True, null=True)),
                ('received_at', models.DateTimeField(blank=True, null=True)),
                ('removed_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['item', 'position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Part',
            fields=[
                ('id', models.UUIDField(default=partnership.trail.models.new_id, editable=False, primary_key=True, serialize=False)),
                ('position', models.PositiveIntegerField()),
                ('content', models.JSONField()),
            ],
            options={
                'ordering': ['edition', 'position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.UUIDField(default=partnership.trail.models.new_id, editable=False, primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=200)),
                ('why', models.TextField(blank=True, max_length=2000)),
                ('outcome', models.CharField(choices=[('waiting', 'Waits for an answer'), ('taken', 'On the agenda'), ('later', 'For a later meeting'), ('declined', 'Not taken')], default='waiting', max_length=10)),
                ('outcome_words', models.CharField(blank=True, max_length=500)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ['-made_at'],
            },
        ),
        migrations.CreateModel(
            name='Publication',
            fields=[
                ('id', models.UUIDField(default=partnership.trail.models.new_id, editable=False, primary_key=True, serialize=False)),
                ('published_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ['-published_at'],
            },
        ),
        migrations.CreateModel(
            name='Quorum',
            fields=[
                ('starts', models.DateField(blank=True, null=True, verbose_name='from')),
                ('ends', models.DateField(blank=True, null=True, verbose_name='until (this day no longer)')),
                ('version', models.PositiveIntegerField(default=1)),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('id', models.UUIDField(default=partnership.trail.models.new_id, editable=False, primary_key=True, serialize=False)),
                ('at_least', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('share', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='per cent of the seats that vote')),
                ('source', models.CharField(blank=True, max_length=300)),
            ],
            options={
                'ordering': ['group', '-starts'],
            },
        ),
        migrations.CreateModel(
            name='Rotation',
            fields=[
                ('starts', models.DateField(blank=True, null=True, verbose_name='from')),
                ('ends', models.DateField(blank=True, null=True, verbose_name='until (this day no longer)')),
                ('version', models.PositiveIntegerField(default=1)),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('id', models.UUIDField(default=partnership.trail.models.new_id, editable=False, primary_key=True, serialize=False)),
                ('every_months', models.PositiveSmallIntegerField(default=6)),
                ('order', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None)),
                ('source', models.CharField(blank=True, max_length=300)),
            ],
            options={
                'ordering': ['group', '-starts'],
            },
        ),
        migrations.CreateModel(
            name='SentUp',
            fields=[
                ('version', models.PositiveIntegerField(default=1)),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('id', models.UUIDField(default=partnership.trail.models.new_id, editable=False, primary_key=True, serialize=False)),
                ('words', models.TextField(max_length=4000)),
                ('due_on', models.DateField()),
                ('status', models.CharField(choices=[('waiting', 'Waits for an answer'), ('answered', 'Answered'), ('taken_back', 'Taken back')], default='waiting', max_length=10)),
                ('answer', models.TextField(blank=True, max_length=4000)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('sent_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ['due_on', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Series',
            fields=[
                ('version', models.PositiveIntegerField(default=1)),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('id', models.UUIDField(default=partnership.trail.models.new_id, editable=False, primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=200)),
                ('pattern', models.JSONField()),
                ('begins_at', models.TimeField()),
                ('minutes', models.PositiveSmallIntegerField(default=120, verbose_name='how long, in minutes')),
                ('place', models.CharField(blank=True, max_length=300)),
                ('link', models.URLField(blank=True, max_length=500)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ['-made_at'],
            },
        ),
        migrations.CreateModel(
            name='StandingItem',
            fields=[
                ('version', models.PositiveIntegerField(default=1)),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('id', models.UUIDField(default=partnership.trail.models.new_id, editable=False, primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=200)),
                ('purpose', models.CharField(choices=[('decide', 'To decide'), ('assure', 'To assure'), ('note', 'To note')], default='note', max_length=10)),
                ('months', models.JSONField(blank=True, default=list, verbose_name='months of the year, none for every meeting')),
                ('minutes_allowed', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('presenter', models.CharField(blank=True, max_length=200)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('ended_on', models.DateField(blank=True, null=True)),
            ],
            options={
                'ordering': ['position', 'title', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Terms',
            fields=[
                ('version', models.PositiveIntegerField(default=1)),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('id', models.UUIDField(default=partnership.trail.models.new_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveSmallIntegerField()),
                ('words', models.TextField(blank=True, max_length=20000, verbose_name='terms of reference')),
                ('in_force_from', models.DateField()),
                ('review_on', models.DateField(blank=True, null=True)),
                ('approved_words', models.CharField(blank=True, max_length=300, verbose_name='approved by, before the portal')),
            ],
            options={
                'ordering': ['group', '-number'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='seat',
            name='one_open_seat_a_person',
        ),
        migrations.AddField(
            model_name='group',
            name='follows',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='followed_by', to='boards.group'),
        ),
        migrations.AddField(
            model_name='group',
            name='kind',
            field=models.CharField(choices=[('board', 'Board or executive'), ('subgroup', 'Sub-group'), ('panel', 'Panel'), ('task', 'Task and finish group'), ('function', 'Function or hub')], default='subgroup', max_length=10),
        ),
        migrations.AddField(
            model_name='group',
            name='papers_due',
            field=models.PositiveSmallIntegerField(default=5, verbose_name='working days before a meeting by which papers are due'),
        ),
        migrations.AddField(
            model_name='historicalgroup',
            name='follows',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='boards.group'),
        ),
        migrations.AddField(
            model_name='historicalgroup',
            name='kind',
            field=models.CharField(choices=[('board', 'Board or executive'), ('subgroup', 'Sub-group'), ('panel', 'Panel'), ('task', 'Task and finish group'), ('function', 'Function or hub')], default='subgroup', max_length=10),
        ),
        migrations.AddField(
            model_name='historicalgroup',
            name='papers_due',
            field=models.PositiveSmallIntegerField(default=5, verbose_name='working days before a meeting by which papers are due'),
        ),
        migrations.AddField(
            model_name='historicalseat',
            name='place',
            field=models.UUIDField(default=partnership.trail.models.new_id, editable=False, verbose_name='the same for all who hold this seat one after another'),
        ),
        migrations.AddField(
            model_name='historicalseat',
            name='represents',
            field=models.CharField(choices=[('agency', 'An organisation'), ('area', 'An area'), ('sector', 'A sector')], default='agency', max_length=10),
        ),
        migrations.AddField(
            model_name='historicalseat',
            name='standing',
            field=models.CharField(choices=[('member', 'Member'), ('observer', 'Participant observer'), ('adviser', 'Adviser or critical friend')], default='member', max_length=10),
        ),
        migrations.AddField(
            model_name='seat',
            name='place',
            field=models.UUIDField(default=partnership.trail.models.new_id, editable=False, verbose_name='the same for all who hold this seat one after another'),
        ),
        # One default serves all rows that are there already; each seat is a place of its own.
        migrations.RunSQL("UPDATE boards_seat SET place = gen_random_uuid()", migrations.RunSQL.noop),
        migrations.AddField(
            model_name='seat',
            name='represents',
            field=models.CharField(choices=[('agency', 'An organisation'), ('area', 'An area'), ('sector', 'A sector')], default='agency', max_length=10),
        ),
        migrations.AddField(
            model_name='seat',
            name='standing',
            field=models.CharField(choices=[('member', 'Member'), ('observer', 'Participant observer'), ('adviser', 'Adviser or critical friend')], default='member', max_length=10),
        ),
        migrations.AddConstraint(
            model_name='seat',
            constraint=models.UniqueConstraint(condition=models.Q(('ends__isnull', True), ('user__isnull', False)), fields=('group', 'user', 'agency', 'organisation', 'post'), name='one_open_seat_a_person', nulls_distinct=False, violation_error_message='This person has this seat on the group already.'),
        ),
        migrations.AddConstraint(
            model_name='seat',
            constraint=models.UniqueConstraint(condition=models.Q(('ends__isnull', True)), fields=('place',), name='one_holder_a_seat', violation_error_message='Somebody holds this seat already.'),
        ),
        migrations.AddField(
            model_name='arrangement',
            name='changed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='arrangement',
            name='partnership',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='arrangements', to='people.partnership'),
        ),
        migrations.AddField(
            model_name='group',
            name='arrangement',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='groups', to='boards.arrangement'),
        ),
        migrations.AddField(
            model_name='historicalgroup',
            name='arrangement',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='boards.arrangement'),
        ),
        migrations.AddField(
            model_name='assistant',
            name='assistant',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assists', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='assistant',
            name='member',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assistants', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='attendance',
            name='agency',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='attendances', to='people.agency'),
        ),
        migrations.AddField(
            model_name='attendance',
            name='folder',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attendances', to='access.folder'),
        ),
        migrations.AddField(
            model_name='attendance',
            name='recorded_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='attendance',
            name='seat',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='attendances', to='boards.seat'),
        ),
        migrations.AddField(
            model_name='attendance',
            name='stood_in',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='attendance',
            name='user',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='attendances', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='correction',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='correction',
            name='folder',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='access.folder'),
        ),
        migrations.AddField(
            model_name='decision',
            name='changed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='decision',
            name='folder',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions_made', to='access.folder'),
        ),
        migrations.AddField(
            model_name='decision',
            name='made_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='decision',
            name='priority',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='actions.priority'),
        ),
        migrations.AddField(
            model_name='edition',
            name='folder',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='editions', to='access.folder'),
        ),
        migrations.AddField(
            model_name='edition',
            name='made_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='correction',
            name='edition',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='boards.edition'),
        ),
        migrations.AddField(
            model_name='highlight',
            name='agency',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='highlights', to='people.agency'),
        ),
        migrations.AddField(
            model_name='highlight',
            name='changed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='highlight',
            name='folder',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='highlights', to='access.folder'),
        ),
        migrations.AddField(
            model_name='highlight',
            name='written_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalarrangement',
            name='changed_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalarrangement',
            name='history_user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalarrangement',
            name='partnership',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='people.partnership'),
        ),
        migrations.AddField(
            model_name='historicalotherbody',
            name='changed_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalotherbody',
            name='group',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='boards.group'),
        ),
        migrations.AddField(
            model_name='historicalotherbody',
            name='history_user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalquorum',
            name='changed_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalquorum',
            name='group',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='boards.group'),
        ),
        migrations.AddField(
            model_name='historicalquorum',
            name='history_user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalquorum_all_of',
            name='agency',
            field=models.ForeignKey(blank=True, db_constraint=False, db_tablespace='', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='people.agency'),
        ),
        migrations.AddField(
            model_name='historicalquorum_all_of',
            name='history',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to='boards.historicalquorum'),
        ),
        migrations.AddField(
            model_name='historicalrotation',
            name='changed_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalrotation',
            name='group',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='boards.group'),
        ),
        migrations.AddField(
            model_name='historicalrotation',
            name='history_user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalterms',
            name='changed_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalterms',
            name='decision',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='boards.decision'),
        ),
        migrations.AddField(
            model_name='historicalterms',
            name='document',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='documents.document'),
        ),
        migrations.AddField(
            model_name='historicalterms',
            name='group',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='boards.group'),
        ),
        migrations.AddField(
            model_name='historicalterms',
            name='history_user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='interest',
            name='declared_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='interest',
            name='folder',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='item_interests', to='access.folder'),
        ),
        migrations.AddField(
            model_name='interest',
            name='user',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='item_interests', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='invitee',
            name='answered_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='invitee',
            name='deputy',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='invitee',
            name='folder',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invitees', to='access.folder'),
        ),
        migrations.AddField(
            model_name='invitee',
            name='invited_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='invitee',
            name='seat',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='invitees', to='boards.seat'),
        ),
        migrations.AddField(
            model_name='invitee',
            name='user',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='called_to', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='item',
            name='changed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='item',
            name='duty',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='items', to='actions.duty'),
        ),
        migrations.AddField(
            model_name='item',
            name='folder',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='access.folder'),
        ),
        migrations.AddField(
            model_name='item',
            name='presenter',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='item',
            name='priority',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='items', to='actions.priority'),
        ),
        migrations.AddField(
            model_name='interest',
            name='item',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='interests', to='boards.item'),
        ),
        migrations.AddField(
            model_name='decision',
            name='item',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='boards.item'),
        ),
        migrations.AddField(
            model_name='correction',
            name='item',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='boards.item'),
        ),
        migrations.AddField(
            model_name='meeting',
            name='agreed_in',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='boards.meeting'),
        ),
        migrations.AddField(
            model_name='meeting',
            name='changed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='meeting',
            name='checked_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='meeting',
            name='folder',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='meetings', to='access.folder'),
        ),
        migrations.AddField(
            model_name='meeting',
            name='group',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='meetings', to='boards.group'),
        ),
        migrations.AddField(
            model_name='item',
            name='meeting',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='boards.meeting'),
        ),
        migrations.AddField(
            model_name='invitee',
            name='meeting',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invitees', to='boards.meeting'),
        ),
        migrations.AddField(
            model_name='highlight',
            name='meeting',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='highlights', to='boards.meeting'),
        ),
        migrations.AddField(
            model_name='edition',
            name='meeting',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='editions', to='boards.meeting'),
        ),
        migrations.AddField(
            model_name='decision',
            name='meeting',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='boards.meeting'),
        ),
        migrations.AddField(
            model_name='correction',
            name='meeting',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='boards.meeting'),
        ),
        migrations.AddField(
            model_name='attendance',
            name='meeting',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attendances', to='boards.meeting'),
        ),
        migrations.AddField(
            model_name='minute',
            name='changed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='minute',
            name='folder',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='minutes', to='access.folder'),
        ),
        migrations.AddField(
            model_name='minute',
            name='item',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='minute', to='boards.item'),
        ),
        migrations.AddField(
            model_name='minutesprint',
            name='edition',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='prints', to='boards.edition'),
        ),
        migrations.AddField(
            model_name='minutesprint',
            name='folder',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.folder'),
        ),
        migrations.AddField(
            model_name='minutesprint',
            name='made_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='minutesprint',
            name='version',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.version'),
        ),
        migrations.AddField(
            model_name='otherbody',
            name='changed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='otherbody',
            name='group',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='others', to='boards.group'),
        ),
        migrations.AddField(
            model_name='pack',
            name='document',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='meeting_packs', to='documents.document'),
        ),
        migrations.AddField(
            model_name='pack',
            name='folder',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='meeting_packs', to='access.folder'),
        ),
        migrations.AddField(
            model_name='pack',
            name='made_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='pack',
            name='meeting',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='packs', to='boards.meeting'),
        ),
        migrations.AddField(
            model_name='paper',
            name='asked_of',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='papers_asked', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='paper',
            name='changed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='paper',
            name='document',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='documents.document'),
        ),
        migrations.AddField(
            model_name='paper',
            name='folder',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='access.folder'),
        ),
        migrations.AddField(
            model_name='paper',
            name='item',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='boards.item'),
        ),
        migrations.AddField(
            model_name='decision',
            name='paper',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='boards.paper'),
        ),
        migrations.AddField(
            model_name='part',
            name='edition',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='boards.edition'),
        ),
        migrations.AddField(
            model_name='part',
            name='folder',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parts_of_minutes', to='access.folder'),
        ),
        migrations.AddField(
            model_name='part',
            name='item',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='boards.item'),
        ),
        migrations.AddField(
            model_name='proposal',
            name='folder',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='access.folder'),
        ),
        migrations.AddField(
            model_name='proposal',
            name='item',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='boards.item'),
        ),
        migrations.AddField(
            model_name='proposal',
            name='meeting',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='boards.meeting'),
        ),
        migrations.AddField(
            model_name='proposal',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='publication',
            name='document',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.document'),
        ),
        migrations.AddField(
            model_name='publication',
            name='edition',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='publication', to='boards.edition'),
        ),
        migrations.AddField(
            model_name='publication',
            name='folder',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='publications', to='access.folder'),
        ),
        migrations.AddField(
            model_name='publication',
            name='published_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='quorum',
            name='all_of',
            field=models.ManyToManyField(blank=True, related_name='+', to='people.agency'),
        ),
        migrations.AddField(
            model_name='quorum',
            name='changed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='quorum',
            name='group',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='quorums', to='boards.group'),
        ),
        migrations.AddField(
            model_name='historicalquorum_all_of',
            name='quorum',
            field=models.ForeignKey(blank=True, db_constraint=False, db_tablespace='', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='boards.quorum'),
        ),
        migrations.AddField(
            model_name='rotation',
            name='changed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='rotation',
            name='group',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rotations', to='boards.group'),
        ),
        migrations.AddField(
            model_name='sentup',
            name='answered_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='sentup',
            name='body',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sent_up', to='boards.otherbody'),
        ),
        migrations.AddField(
            model_name='sentup',
            name='changed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='sentup',
            name='decision',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sent_up', to='boards.decision'),
        ),
        migrations.AddField(
            model_name='sentup',
            name='folder',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='received', to='access.folder'),
        ),
        migrations.AddField(
            model_name='sentup',
            name='from_group',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sent_up', to='boards.group'),
        ),
        migrations.AddField(
            model_name='sentup',
            name='item',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='received', to='boards.item'),
        ),
        migrations.AddField(
            model_name='sentup',
            name='sent_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='sentup',
            name='to_group',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='received', to='boards.group'),
        ),
        migrations.AddField(
            model_name='series',
            name='changed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='series',
            name='folder',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='series', to='access.folder'),
        ),
        migrations.AddField(
            model_name='series',
            name='group',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='series', to='boards.group'),
        ),
        migrations.AddField(
            model_name='meeting',
            name='series',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='meetings', to='boards.series'),
        ),
        migrations.AddField(
            model_name='standingitem',
            name='changed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='standingitem',
            name='duty',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='actions.duty'),
        ),
        migrations.AddField(
            model_name='standingitem',
            name='folder',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='standing_items', to='access.folder'),
        ),
        migrations.AddField(
            model_name='standingitem',
            name='group',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='standing_items', to='boards.group'),
        ),
        migrations.AddField(
            model_name='standingitem',
            name='priority',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='actions.priority'),
        ),
        migrations.AddField(
            model_name='item',
            name='standing',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='items', to='boards.standingitem'),
        ),
        migrations.AddField(
            model_name='terms',
            name='changed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='terms',
            name='decision',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='terms', to='boards.decision'),
        ),
        migrations.AddField(
            model_name='terms',
            name='document',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.document'),
        ),
        migrations.AddField(
            model_name='terms',
            name='group',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='terms', to='boards.group'),
        ),
        migrations.AddConstraint(
            model_name='arrangement',
            constraint=models.CheckConstraint(condition=models.Q(('starts__isnull', True), ('ends__isnull', True), ('ends__gt', models.F('starts')), _connector='OR'), name='arrangement_ends_after_start', violation_error_message='The end must be after the start.'),
        ),
        migrations.AddConstraint(
            model_name='arrangement',
            constraint=models.UniqueConstraint(condition=models.Q(('ref', ''), _negated=True), fields=('ref',), name='an_arrangement_a_ref'),
        ),
        migrations.AddConstraint(
            model_name='assistant',
            constraint=models.CheckConstraint(condition=models.Q(('starts__isnull', True), ('ends__isnull', True), ('ends__gt', models.F('starts')), _connector='OR'), name='assistant_ends_after_start', violation_error_message='The end must be after the start.'),
        ),
        migrations.AddConstraint(
            model_name='assistant',
            constraint=models.CheckConstraint(condition=models.Q(('member', models.F('assistant')), _negated=True), name='nobody_assists_oneself'),
        ),
        migrations.AddConstraint(
            model_name='assistant',
            constraint=models.UniqueConstraint(condition=models.Q(('ends__isnull', True)), fields=('member', 'assistant'), name='an_assistant_once'),
        ),
        migrations.AddConstraint(
            model_name='invitee',
            constraint=models.UniqueConstraint(condition=models.Q(('user__isnull', False)), fields=('meeting', 'user'), name='called_once_to_a_meeting'),
        ),
        migrations.AddConstraint(
            model_name='invitee',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('user__isnull', True), models.Q(('post', ''), _negated=True)), ('user__isnull', False), _connector='OR'), name='an_invitee_is_somebody'),
        ),
        migrations.AddConstraint(
            model_name='invitee',
            constraint=models.UniqueConstraint(condition=models.Q(('chairs', True)), fields=('meeting',), name='one_chairs_a_meeting'),
        ),
        migrations.AddConstraint(
            model_name='highlight',
            constraint=models.UniqueConstraint(fields=('meeting', 'agency'), name='one_highlight_an_agency'),
        ),
        migrations.AddConstraint(
            model_name='edition',
            constraint=models.UniqueConstraint(fields=('meeting', 'number'), name='edition_once'),
        ),
        migrations.AddIndex(
            model_name='attendance',
            index=models.Index(fields=['place'], name='attendance_of_place'),
        ),
        migrations.AddConstraint(
            model_name='attendance',
            constraint=models.UniqueConstraint(condition=models.Q(('seat__isnull', False)), fields=('meeting', 'seat'), name='a_seat_came_once'),
        ),
        migrations.AddConstraint(
            model_name='attendance',
            constraint=models.CheckConstraint(condition=models.Q(('seat__isnull', False), ('user__isnull', False), models.Q(('name', ''), _negated=True), _connector='OR'), name='somebody_came'),
        ),
        migrations.AddConstraint(
            model_name='attendance',
            constraint=models.UniqueConstraint(condition=models.Q(('chairs', True)), fields=('meeting',), name='one_chaired_a_meeting'),
        ),
        migrations.AddIndex(
            model_name='minute',
            index=django.contrib.postgres.indexes.GinIndex(partnership.people.words.Words('text'), name='minute_words'),
        ),
        migrations.AddConstraint(
            model_name='otherbody',
            constraint=models.CheckConstraint(condition=models.Q(('starts__isnull', True), ('ends__isnull', True), ('ends__gt', models.F('starts')), _connector='OR'), name='other_body_ends_after_start', violation_error_message='The end must be after the start.'),
        ),
        migrations.AddConstraint(
            model_name='pack',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('meeting', 'restricted', 'number'), name='a_pack_an_audience'),
        ),
        migrations.AddIndex(
            model_name='decision',
            index=django.contrib.postgres.indexes.GinIndex(partnership.people.words.Words('text', 'reason', 'dissent', 'answer'), name='decision_words'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.UniqueConstraint(fields=('meeting', 'folder', 'number'), name='decision_once'),
        ),
        migrations.AddIndex(
            model_name='part',
            index=django.contrib.postgres.indexes.GinIndex(partnership.people.words.Words(django.db.models.fields.json.KeyTextTransform('title', 'content'), django.db.models.fields.json.KeyTextTransform('text', 'content')), name='part_words'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.UniqueConstraint(fields=('meeting', 'user'), name='one_proposal_a_meeting'),
        ),
        migrations.AddConstraint(
            model_name='quorum',
            constraint=models.CheckConstraint(condition=models.Q(('starts__isnull', True), ('ends__isnull', True), ('ends__gt', models.F('starts')), _connector='OR'), name='quorum_ends_after_start', violation_error_message='The end must be after the start.'),
        ),
        migrations.AddConstraint(
            model_name='quorum',
            constraint=models.CheckConstraint(condition=models.Q(('share', None), models.Q(('share__gte', 1), ('share__lte', 100)), _connector='OR'), name='quorum_share'),
        ),
        migrations.AddConstraint(
            model_name='quorum',
            constraint=models.UniqueConstraint(condition=models.Q(('ends', None)), fields=('group',), name='one_quorum_a_group'),
        ),
        migrations.AddConstraint(
            model_name='rotation',
            constraint=models.CheckConstraint(condition=models.Q(('starts__isnull', True), ('ends__isnull', True), ('ends__gt', models.F('starts')), _connector='OR'), name='rotation_ends_after_start', violation_error_message='The end must be after the start.'),
        ),
        migrations.AddConstraint(
            model_name='rotation',
            constraint=models.CheckConstraint(condition=models.Q(('starts__isnull', False)), name='rotation_starts'),
        ),
        migrations.AddConstraint(
            model_name='rotation',
            constraint=models.CheckConstraint(condition=models.Q(('every_months__gte', 1), ('every_months__lte', 120)), name='rotation_months'),
        ),
        migrations.AddConstraint(
            model_name='rotation',
            constraint=models.UniqueConstraint(condition=models.Q(('ends', None)), fields=('group',), name='one_rotation_a_group'),
        ),
        migrations.AddConstraint(
            model_name='sentup',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'waiting')), fields=('decision', 'to_group'), name='sent_up_once'),
        ),
        migrations.AddConstraint(
            model_name='sentup',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'waiting')), fields=('decision', 'body'), name='sent_out_once'),
        ),
        migrations.AddConstraint(
            model_name='sentup',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('body__isnull', True), ('decision__isnull', False), ('from_group__isnull', False), ('to_group__isnull', False)), models.Q(('body__isnull', False), ('decision__isnull', False), ('to_group__isnull', True)), models.Q(('body__isnull', False), ('decision__isnull', True), ('from_group__isnull', True), ('to_group__isnull', False)), _connector='OR'), name='sent_up_from_and_to'),
        ),
        migrations.AddIndex(
            model_name='meeting',
            index=models.Index(fields=['folder', 'starts_at'], name='meeting_of_folder'),
        ),
        migrations.AddConstraint(
            model_name='meeting',
            constraint=models.CheckConstraint(condition=models.Q(('ends_at__isnull', True), ('ends_at__gt', models.F('starts_at')), _connector='OR'), name='meeting_ends_after_start', violation_error_message='The end must be after the start.'),
        ),
        migrations.AddConstraint(
            model_name='meeting',
            constraint=models.CheckConstraint(condition=models.Q(('group__isnull', True), ('group', models.F('folder')), _connector='OR'), name='a_groups_meeting_is_in_its_folder'),
        ),
        migrations.AddConstraint(
            model_name='meeting',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'held'), _negated=True), ('held_at__isnull', False), _connector='OR'), name='held_when'),
        ),
        migrations.AddIndex(
            model_name='item',
            index=django.contrib.postgres.indexes.GinIndex(partnership.people.words.Words('title', 'about'), name='item_words'),
        ),
        migrations.AddConstraint(
            model_name='item',
            constraint=models.CheckConstraint(condition=models.Q(('priority__isnull', False), ('duty__isnull', False), ('standing_business', True), _connector='OR'), name='an_item_serves_something', violation_error_message='Choose the priority or the duty that it serves, or standing business.'),
        ),
        migrations.AddConstraint(
            model_name='terms',
            constraint=models.UniqueConstraint(fields=('group', 'number'), name='terms_once'),
        ),
    ]
