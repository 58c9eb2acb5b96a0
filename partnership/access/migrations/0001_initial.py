import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.utils.timezone
import partnership.trail.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('people', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Folder',
            fields=[
                ('id', models.UUIDField(default=partnership.trail.models.new_id, editable=False, primary_key=True, serialize=False)),
                ('reference', models.CharField(max_length=40, unique=True)),
                ('title', models.CharField(max_length=200)),
                ('kind', models.CharField(choices=[('group', 'Board or sub-group'), ('meeting', 'Meeting'), ('item', 'Restricted item'), ('review', 'Rapid review'), ('audit', 'Audit'), ('course', 'Course')], max_length=10)),
                ('path', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), editable=False, size=None)),
                ('sealed', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('agencies', models.ManyToManyField(blank=True, related_name='folders', to='people.agency')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='access.folder')),
                ('partnership', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='folders', to='people.partnership')),
            ],
            options={
                'ordering': ['reference'],
                'permissions': [('role_cl', 'Case lead'), ('role_co', 'Case officer'), ('role_pm', 'Rapid review panel member'), ('role_sg', 'Signs for a safeguarding partner')],
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['path'], name='folder_path', opclasses=['array_ops'])],
            },
        ),
        migrations.CreateModel(
            name='Link',
            fields=[
                ('id', models.UUIDField(default=partnership.trail.models.new_id, editable=False, primary_key=True, serialize=False)),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('purpose', models.CharField(choices=[('first_sign_in', 'Set a password for the first time')], max_length=20)),
                ('object_id', models.UUIDField(null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('expires_at', models.DateTimeField()),
                ('uses_left', models.PositiveSmallIntegerField(default=1)),
                ('revoked_at', models.DateTimeField(null=True)),
                ('acts_as', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Submission',
            fields=[
                ('token', models.UUIDField(primary_key=True, serialize=False)),
                ('location', models.CharField(blank=True, max_length=300)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Conflict',
            fields=[
                ('id', models.UUIDField(default=partnership.trail.models.new_id, editable=False, primary_key=True, serialize=False)),
                ('reason', models.CharField(choices=[('personal', 'Knows the child or family'), ('operational', 'Worked with the child or family'), ('line', 'Manages somebody who worked with the child or family'), ('other', 'Other conflict of interest')], max_length=20)),
                ('starts', models.DateTimeField(default=django.utils.timezone.now)),
                ('ends', models.DateTimeField(blank=True, null=True)),
                ('declared_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='conflicts', to=settings.AUTH_USER_MODEL)),
                ('folder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='conflicts', to='access.folder')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ends__isnull', True)), fields=('user', 'folder'), name='one_open_bar')],
            },
        ),
        migrations.CreateModel(
            name='FolderGrant',
            fields=[
                ('id', models.UUIDField(default=partnership.trail.models.new_id, editable=False, primary_key=True, serialize=False)),
                ('reason', models.CharField(max_length=300)),
                ('starts', models.DateTimeField(default=django.utils.timezone.now)),
                ('ends', models.DateTimeField(blank=True, null=True)),
                ('content_object', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='grants', to='access.folder')),
                ('granted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='folder_grants', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ends__isnull', True)), fields=('user', 'content_object', 'permission'), name='one_open_grant'), models.CheckConstraint(condition=models.Q(('ends__isnull', True), ('ends__gte', models.F('starts')), _connector='OR'), name='grant_ends_after_start')],
            },
        ),
    ]
