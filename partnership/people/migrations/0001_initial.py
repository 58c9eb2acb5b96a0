import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import partnership.trail.models
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Area',
            fields=[
                ('id', models.UUIDField(default=partnership.trail.models.new_id, editable=False, primary_key=True, serialize=False)),
                ('slug', models.SlugField(unique=True)),
                ('name', models.CharField(max_length=100)),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Partnership',
            fields=[
                ('starts', models.DateField(blank=True, null=True, verbose_name='from')),
                ('ends', models.DateField(blank=True, null=True, verbose_name='until (this day no longer)')),
                ('id', models.UUIDField(default=partnership.trail.models.new_id, editable=False, primary_key=True, serialize=False)),
                ('slug', models.SlugField(unique=True)),
                ('name', models.CharField(max_length=200)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ScheduleItem',
            fields=[
                ('number', models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ('heading', models.CharField(max_length=80)),
                ('label', models.CharField(max_length=120)),
                ('note', models.CharField(blank=True, max_length=300)),
            ],
            options={
                'ordering': ['number'],
            },
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('id', models.UUIDField(default=partnership.trail.models.new_id, editable=False, primary_key=True, serialize=False)),
                ('email', models.EmailField(max_length=254, unique=True)),
                ('name', models.CharField(max_length=200)),
                ('job_title', models.CharField(blank=True, max_length=200)),
                ('is_active', models.BooleanField(default=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='one_account_per_address')],
            },
        ),
        migrations.CreateModel(
            name='Agency',
            fields=[
                ('starts', models.DateField(blank=True, null=True, verbose_name='from')),
                ('ends', models.DateField(blank=True, null=True, verbose_name='until (this day no longer)')),
                ('id', models.UUIDField(default=partnership.trail.models.new_id, editable=False, primary_key=True, serialize=False)),
                ('slug', models.SlugField(max_length=60, unique=True)),
                ('name', models.CharField(max_length=200)),
                ('kind', models.CharField(choices=[('statutory partner', 'Statutory safeguarding partner'), ('relevant agency', 'Relevant agency'), ('school', 'School'), ('partnership', 'Predecessor or successor partnership'), ('other partnership', 'Other board or partnership'), ('inspectorate', 'Inspectorate'), ('government', 'Government or regulator'), ('provider', 'Provider or charity')], max_length=30, verbose_name='type')),
                ('partner_seat', models.CharField(blank=True, choices=[('la', 'Local authority'), ('icb', 'Integrated care board'), ('police', 'Chief officer of police')], max_length=10, verbose_name='safeguarding partner as')),
                ('note', models.TextField(blank=True, max_length=2000)),
                ('source', models.CharField(blank=True, max_length=200)),
                ('version', models.PositiveIntegerField(default=1)),
                ('areas', models.ManyToManyField(blank=True, related_name='agencies', to='people.area')),
            ],
            options={
                'verbose_name': 'organisation',
                'ordering': ['name'],
                'indexes': [models.Index(fields=['kind', 'name'], name='agency_kind_name')],
                'constraints': [models.CheckConstraint(condition=models.Q(('starts__isnull', True), ('ends__isnull', True), ('ends__gt', models.F('starts')), _connector='OR'), name='agency_ends_after_start', violation_error_message='The end must be after the start.')],
            },
        ),
        migrations.CreateModel(
            name='HistoricalAgency',
            fields=[
                ('starts', models.DateField(blank=True, null=True, verbose_name='from')),
                ('ends', models.DateField(blank=True, null=True, verbose_name='until (this day no longer)')),
                ('id', models.UUIDField(db_index=True, default=partnership.trail.models.new_id, editable=False)),
                ('slug', models.SlugField(max_length=60)),
                ('name', models.CharField(max_length=200)),
                ('kind', models.CharField(choices=[('statutory partner', 'Statutory safeguarding partner'), ('relevant agency', 'Relevant agency'), ('school', 'School'), ('partnership', 'Predecessor or successor partnership'), ('other partnership', 'Other board or partnership'), ('inspectorate', 'Inspectorate'), ('government', 'Government or regulator'), ('provider', 'Provider or charity')], max_length=30, verbose_name='type')),
                ('partner_seat', models.CharField(blank=True, choices=[('la', 'Local authority'), ('icb', 'Integrated care board'), ('police', 'Chief officer of police')], max_length=10, verbose_name='safeguarding partner as')),
                ('note', models.TextField(blank=True, max_length=2000)),
                ('source', models.CharField(blank=True, max_length=200)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical organisation',
                'verbose_name_plural': 'historical organisations',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='School',
            fields=[
                ('agency', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='school', serialize=False, to='people.agency')),
                ('urn', models.PositiveIntegerField(unique=True, verbose_name='unique reference number')),
                ('local_authority_code', models.CharField(max_length=3)),
                ('establishment_type', models.CharField(max_length=100)),
                ('district', models.CharField(blank=True, max_length=100)),
            ],
        ),
        migrations.CreateModel(
            name='HistoricalSite',
            fields=[
                ('starts', models.DateField(blank=True, null=True, verbose_name='from')),
                ('ends', models.DateField(blank=True, null=True, verbose_name='until (this day no longer)')),
                ('id', models.UUIDField(db_index=True, default=partnership.trail.models.new_id, editable=False)),
                ('name', models.CharField(max_length=200)),
                ('town', models.CharField(blank=True, max_length=100)),
                ('postcode', models.CharField(blank=True, max_length=10)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('agency', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='people.agency')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical site',
                'verbose_name_plural': 'historical sites',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='NamedDuty',
            fields=[
                ('starts', models.DateField(blank=True, null=True, verbose_name='from')),
                ('ends', models.DateField(blank=True, null=True, verbose_name='until (this day no longer)')),
                ('id', models.UUIDField(default=partnership.trail.models.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('lsp', 'Lead safeguarding partner'), ('dsp', 'Delegated safeguarding partner'), ('dsl', 'Designated safeguarding lead'), ('ddsl', 'Deputy designated safeguarding lead'), ('s11', 'Section 11 lead'), ('spoc', 'Single point of contact'), ('head', 'Headteacher'), ('chair', 'Chair of governors'), ('lm', "Lead member for children's services (non-voting participant observer)"), ('scrutineer', 'Independent scrutineer (non-voting)'), ('lay', 'Lay member (observer)')], max_length=10, verbose_name='duty')),
                ('post', models.CharField(blank=True, help_text='The post that carries the duty.', max_length=200, verbose_name='post')),
                ('source', models.CharField(blank=True, max_length=200)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='named_duties', to='people.agency')),
                ('deputy_for', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deputies', to='people.namedduty')),
                ('holder', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='named_duties', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'named duty',
                'verbose_name_plural': 'named duties',
                'ordering': ['kind', 'starts'],
                'constraints': [models.CheckConstraint(condition=models.Q(('starts__isnull', True), ('ends__isnull', True), ('ends__gt', models.F('starts')), _connector='OR'), name='duty_ends_after_start', violation_error_message='The end must be after the start.')],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('starts', models.DateField(blank=True, null=True, verbose_name='from')),
                ('ends', models.DateField(blank=True, null=True, verbose_name='until (this day no longer)')),
                ('id', models.UUIDField(default=partnership.trail.models.new_id, editable=False, primary_key=True, serialize=False)),
                ('role', models.CharField(choices=[('bm', 'Business manager'), ('bu', 'Business unit officer'), ('da', 'Directory administrator'), ('me', 'Board member'), ('dp', 'Delegated safeguarding partner'), ('al', 'Agency safeguarding lead'), ('as', 'Agency practitioner'), ('sl', 'Designated safeguarding lead')], max_length=2)),
                ('agency', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='people.agency')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to=settings.AUTH_USER_MODEL)),
                ('partnership', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='people.partnership')),
            ],
            options={
                'ordering': ['role'],
                'constraints': [models.CheckConstraint(condition=models.Q(('starts__isnull', True), ('ends__isnull', True), ('ends__gt', models.F('starts')), _connector='OR'), name='membership_ends_after_start', violation_error_message='The end must be after the start.'), models.CheckConstraint(condition=models.Q(models.Q(('agency__isnull', True), ('role__in', ['bm', 'bu', 'da', 'me'])), models.Q(('agency__isnull', False), ('role__in', ['dp', 'al', 'as', 'sl'])), _connector='OR'), name='role_where_it_belongs'), models.UniqueConstraint(condition=models.Q(('ends__isnull', True)), fields=('user', 'partnership', 'agency', 'role'), name='one_open_membership', nulls_distinct=False)],
            },
        ),
        migrations.CreateModel(
            name='HistoricalMembership',
            fields=[
                ('starts', models.DateField(blank=True, null=True, verbose_name='from')),
                ('ends', models.DateField(blank=True, null=True, verbose_name='until (this day no longer)')),
                ('id', models.UUIDField(db_index=True, default=partnership.trail.models.new_id, editable=False)),
                ('role', models.CharField(choices=[('bm', 'Business manager'), ('bu', 'Business unit officer'), ('da', 'Directory administrator'), ('me', 'Board member'), ('dp', 'Delegated safeguarding partner'), ('al', 'Agency safeguarding lead'), ('as', 'Agency practitioner'), ('sl', 'Designated safeguarding lead')], max_length=2)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('agency', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='people.agency')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('partnership', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='people.partnership')),
            ],
            options={
                'verbose_name': 'historical membership',
                'verbose_name_plural': 'historical memberships',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Classification',
            fields=[
                ('starts', models.DateField(blank=True, null=True, verbose_name='from')),
                ('ends', models.DateField(blank=True, null=True, verbose_name='until (this day no longer)')),
                ('id', models.UUIDField(default=partnership.trail.models.new_id, editable=False, primary_key=True, serialize=False)),
                ('basis', models.CharField(choices=[('stated', 'Stated in the published arrangements'), ('inferred', 'Inferred from the kind of body')], max_length=10)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='classifications', to='people.agency')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='classifications', to='people.scheduleitem')),
            ],
            options={
                'ordering': ['item_id'],
                'constraints': [models.UniqueConstraint(fields=('agency', 'item', 'starts'), name='classified_once', nulls_distinct=False)],
            },
        ),
        migrations.CreateModel(
            name='Site',
            fields=[
                ('starts', models.DateField(blank=True, null=True, verbose_name='from')),
                ('ends', models.DateField(blank=True, null=True, verbose_name='until (this day no longer)')),
                ('id', models.UUIDField(default=partnership.trail.models.new_id, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=200)),
                ('town', models.CharField(blank=True, max_length=100)),
                ('postcode', models.CharField(blank=True, max_length=10)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sites', to='people.agency')),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Succession',
            fields=[
                ('id', models.UUIDField(default=partnership.trail.models.new_id, editable=False, primary_key=True, serialize=False)),
                ('on', models.DateField(verbose_name='from')),
                ('kind', models.CharField(choices=[('replaced', 'Replaced by'), ('merged', 'Merged into'), ('split', 'Split into'), ('renamed', 'Became')], default='replaced', max_length=10)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('predecessor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='successions', to='people.agency')),
                ('successor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='precessions', to='people.agency')),
            ],
            options={
                'ordering': ['on'],
                'constraints': [models.UniqueConstraint(fields=('predecessor', 'successor'), name='succeeds_once'), models.CheckConstraint(condition=models.Q(('predecessor', models.F('successor')), _negated=True), name='succeeds_another', violation_error_message='An organisation cannot succeed itself.')],
            },
        ),
        migrations.CreateModel(
            name='Alias',
            fields=[
                ('id', models.UUIDField(default=partnership.trail.models.new_id, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=200)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='aliases', to='people.agency')),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(fields=('agency', 'name'), name='alias_once')],
            },
        ),
        migrations.CreateModel(
            name='HistoricalNamedDuty',
            fields=[
                ('starts', models.DateField(blank=True, null=True, verbose_name='from')),
                ('ends', models.DateField(blank=True, null=True, verbose_name='until (this day no longer)')),
                ('id', models.UUIDField(db_index=True, default=partnership.trail.models.new_id, editable=False)),
                ('kind', models.CharField(choices=[('lsp', 'Lead safeguarding partner'), ('dsp', 'Delegated safeguarding partner'), ('dsl', 'Designated safeguarding lead'), ('ddsl', 'Deputy designated safeguarding lead'), ('s11', 'Section 11 lead'), ('spoc', 'Single point of contact'), ('head', 'Headteacher'), ('chair', 'Chair of governors'), ('lm', "Lead member for children's services (non-voting participant observer)"), ('scrutineer', 'Independent scrutineer (non-voting)'), ('lay', 'Lay member (observer)')], max_length=10, verbose_name='duty')),
                ('post', models.CharField(blank=True, help_text='The post that carries the duty.', max_length=200, verbose_name='post')),
                ('source', models.CharField(blank=True, max_length=200)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('agency', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='people.agency')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('holder', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('deputy_for', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='people.namedduty')),
            ],
            options={
                'verbose_name': 'historical named duty',
                'verbose_name_plural': 'historical named duties',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
    ]
