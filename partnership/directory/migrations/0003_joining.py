import django.db.models.deletion
import django.utils.timezone
import partnership.trail.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0002_leaving_and_cover'),
        ('people', '0003_directory_in_full'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.UUIDField(default=partnership.trail.models.new_id, editable=False, primary_key=True, serialize=False)),
                ('role', models.CharField(choices=[('bm', 'Business manager'), ('bu', 'Business unit officer'), ('da', 'Directory administrator'), ('me', 'Board member'), ('op', 'System operator'), ('dp', 'Delegated safeguarding partner'), ('al', 'Agency safeguarding lead'), ('as', 'Agency practitioner'), ('sl', 'Designated safeguarding lead')], max_length=2)),
                ('name', models.CharField(max_length=200)),
                ('email', models.EmailField(max_length=254)),
                ('post', models.CharField(blank=True, max_length=200)),
                ('shared', models.BooleanField(default=False)),
                ('invited_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('sent_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('expires_at', models.DateTimeField()),
                ('bounced_at', models.DateTimeField(null=True)),
                ('accepted_at', models.DateTimeField(null=True)),
                ('why_approval', models.CharField(blank=True, choices=[('first', 'The first person of the organisation'), ('case', 'Opens cases, or reaches the whole partnership'), ('claim', 'Came by the school’s known address')], max_length=5)),
                ('approved_at', models.DateTimeField(null=True)),
                ('refused_at', models.DateTimeField(null=True)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('joined_at', models.DateTimeField(null=True)),
                ('agency', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='people.agency')),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('duty', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='people.namedduty')),
                ('invited_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('refused_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to=settings.AUTH_USER_MODEL)),
                ('withdrawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-invited_at'],
                'indexes': [models.Index(fields=['agency', '-invited_at'], name='invitation_of_agency')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('joined_at', None), ('refused_at', None), ('withdrawn_at', None)), fields=('user', 'agency', 'role'), name='one_open_invitation', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('joined_at', None), models.Q(('accepted_at__isnull', False), models.Q(('approved_at', None), ('why_approval__gt', ''), _negated=True)), _connector='OR'), name='joined_when_accepted_and_approved')],
            },
        ),
        migrations.CreateModel(
            name='DutyAsk',
            fields=[
                ('id', models.UUIDField(default=partnership.trail.models.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('lsp', 'Lead safeguarding partner'), ('dsp', 'Delegated safeguarding partner'), ('dsl', 'Designated safeguarding lead'), ('ddsl', 'Deputy designated safeguarding lead'), ('s11', 'Section 11 lead'), ('spoc', 'Single point of contact'), ('head', 'Headteacher'), ('chair', 'Chair of governors'), ('case', 'Case contact'), ('dcase', 'Deputy case contact'), ('cover', 'Cover while it is closed'), ('lm', "Lead member for children's services (non-voting participant observer)"), ('scrutineer', 'Independent scrutineer (non-voting)'), ('lay', 'Lay member (observer)')], max_length=10)),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='duty_asks', to='people.agency')),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-asked_at'],
                'indexes': [models.Index(fields=['agency', 'kind', '-asked_at'], name='duty_asked')],
            },
        ),
        migrations.CreateModel(
            name='AccessRequest',
            fields=[
                ('id', models.UUIDField(default=partnership.trail.models.new_id, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=200)),
                ('post', models.CharField(max_length=200)),
                ('organisation', models.CharField(max_length=200)),
                ('email', models.EmailField(max_length=254)),
                ('telephone', models.CharField(blank=True, max_length=40)),
                ('why', models.TextField(max_length=1000)),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('decided_at', models.DateTimeField(null=True)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('invitation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='requests', to='directory.invitation')),
            ],
            options={
                'ordering': ['asked_at'],
                'indexes': [models.Index(condition=models.Q(('decided_at', None)), fields=['asked_at'], name='access_request_open')],
            },
        ),
    ]
