import django.db.models.deletion
import django.utils.timezone
import partnership.trail.models
from django.conf import settings
from django.db import migrations, models


CODES = (
    'notified', 'facts', 'lives', 'agencies', 'immediate_action', 'known', 'family', 'improvements', 'next_steps',
)
TEXTS = ('facts', 'lives', 'immediate_action', 'improvements')


def sections_of_analyses(apps, schema_editor):
    using = schema_editor.connection.alias
    Analysis, Section = apps.get_model('reviews', 'Analysis'), apps.get_model('reviews', 'ReportSection')
    rows = []
    for analysis in Analysis._base_manager.using(using):
        for code in CODES:
            text = getattr(analysis, code) if code in TEXTS else ''
            saved = {'saved_by_id': analysis.saved_by_id, 'saved_at': analysis.saved_at} if text else {}
            facts = {'folder_id': analysis.folder_id, 'review_id': analysis.review_id, 'code': code}
            rows.append(Section(text=text, typed=bool(text.strip()), **facts, **saved))
    Section._base_manager.using(using).bulk_create(rows)
    with schema_editor.connection.cursor() as cursor:
        cursor.execute('SET CONSTRAINTS ALL IMMEDIATE')  # the tables change again in this transaction


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0009_scrutineer'),
        ('documents', '0002_uploads'),
        ('people', '0008_front_door'),
        ('reviews', '0013_endings'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='LeadTold',
            fields=[
                ('id', models.UUIDField(default=partnership.trail.models.new_id, editable=False, primary_key=True, serialize=False)),
                ('told_at', models.DateTimeField()),
                ('how', models.CharField(max_length=200)),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.agency')),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='leads_told', to='reviews.decision')),
                ('folder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='leads_told', to='access.folder')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['told_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Pack',
            fields=[
                ('id', models.UUIDField(default=partnership.trail.models.new_id, editable=False, primary_key=True, serialize=False)),
                ('audience', models.CharField(choices=[('members', 'Panel members'), ('partners', 'Delegated partners'), ('aloud', 'To read out at the meeting')], max_length=10)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ['-made_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='ReplyCorrection',
            fields=[
                ('id', models.UUIDField(default=partnership.trail.models.new_id, editable=False, primary_key=True, serialize=False)),
                ('of_answer', models.BooleanField(default=False)),
                ('was_on', models.DateField()),
                ('was_code', models.CharField(blank=True, choices=[('agrees', 'Agrees'), ('reconsider', 'Asks to reconsider'), ('national', 'Refers it to a national review'), ('question', 'Asks a question')], max_length=10)),
                ('was_words', models.TextField(max_length=20000)),
                ('recorded_at', models.DateTimeField()),
                ('reason', models.CharField(max_length=1000)),
                ('corrected_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ['corrected_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='ReportSection',
            fields=[
                ('id', models.UUIDField(default=partnership.trail.models.new_id, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(choices=[('notified', 'What happened and what was notified'), ('facts', 'The facts, with key practice episodes'), ('lives', 'The context of the children’s lives'), ('agencies', 'Agencies’ involvement and their analysis of practice'), ('immediate_action', 'Immediate safety action and learning already shared'), ('known', 'Learning already known, here and nationally'), ('family', 'Views of the family, where that was possible'), ('improvements', 'Potential improvements to safeguard children'), ('next_steps', 'Next steps, and why')], max_length=20)),
                ('text', models.TextField(blank=True)),
                ('typed', models.BooleanField(default=False)),
                ('draft_mark', models.CharField(blank=True, max_length=16)),
                ('version', models.PositiveIntegerField(default=1)),
                ('saved_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='ScrutinyComment',
            fields=[
                ('id', models.UUIDField(default=partnership.trail.models.new_id, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('words', models.TextField()),
            ],
            options={
                'ordering': ['at', 'id'],
            },
        ),
        migrations.AddField(
            model_name='invitee',
            name='chairs',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='panelreply',
            name='version',
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='signoff',
            name='report',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.version'),
        ),
        migrations.AddConstraint(
            model_name='invitee',
            constraint=models.UniqueConstraint(condition=models.Q(('chairs', True)), fields=('meeting',), name='one_chair_a_meeting'),
        ),
        migrations.AddField(
            model_name='pack',
            name='file',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.version'),
        ),
        migrations.AddField(
            model_name='pack',
            name='folder',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='packs', to='access.folder'),
        ),
        migrations.AddField(
            model_name='pack',
            name='made_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='pack',
            name='review',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='packs', to='reviews.review'),
        ),
        migrations.AddField(
            model_name='replycorrection',
            name='corrected_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='replycorrection',
            name='folder',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reply_corrections', to='access.folder'),
        ),
        migrations.AddField(
            model_name='replycorrection',
            name='recorded_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='replycorrection',
            name='reply',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='reviews.panelreply'),
        ),
        migrations.AddField(
            model_name='reportsection',
            name='folder',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='report_sections', to='access.folder'),
        ),
        migrations.AddField(
            model_name='reportsection',
            name='review',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sections', to='reviews.review'),
        ),
        migrations.AddField(
            model_name='reportsection',
            name='saved_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='scrutinycomment',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='scrutinycomment',
            name='folder',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='scrutiny_comments', to='access.folder'),
        ),
        migrations.AddField(
            model_name='scrutinycomment',
            name='review',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='scrutiny_comments', to='reviews.review'),
        ),
        migrations.AddConstraint(
            model_name='reportsection',
            constraint=models.UniqueConstraint(fields=('review', 'code'), name='a_section_once'),
        ),
        # The unit's texts under the four headings become sections; nothing of them is lost.
        migrations.RunPython(sections_of_analyses, migrations.RunPython.noop),
        migrations.DeleteModel(
            name='Analysis',
        ),
    ]
