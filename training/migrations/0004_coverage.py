

import datetime
import django.db.models.deletion
import django.utils.timezone
import partnership.trail.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0017_training'),
        ('people', '0012_training_coordinator'),
        ('training', '0002_register'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Upload',
            fields=[
                ('id', models.UUIDField(default=partnership.trail.models.new_id, editable=False, primary_key=True, serialize=False)),
                ('status', models.CharField(choices=[('waiting', 'Waits to be looked over'), ('taken', 'Taken in'), ('back', 'Taken back'), ('gone', 'Discarded')], default='waiting', max_length=10)),
                ('name', models.CharField(blank=True, max_length=200, verbose_name='file')),
                ('day_zero', models.DateField(default=datetime.date(1899, 12, 30))),
                ('lines', models.JSONField(blank=True, default=list)),
                ('answers', models.JSONField(blank=True, default=dict)),
                ('remarks', models.JSONField(blank=True, default=list)),
                ('count', models.PositiveIntegerField(default=0)),
                ('version', models.PositiveIntegerField(default=1)),
                ('accepted', models.PositiveIntegerField(null=True)),
                ('made', models.JSONField(blank=True, default=list)),
                ('took', models.PositiveIntegerField(default=0)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('taken_at', models.DateTimeField(null=True)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='training_uploads', to='people.agency')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('folder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.folder')),
                ('taken_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'upload of completions',
                'ordering': ['-at', 'id'],
            },
        ),
        migrations.AddField(
            model_name='completion',
            name='upload',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='completions', to='training.upload'),
        ),
    ]
