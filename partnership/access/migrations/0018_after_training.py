from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0017_training'),
    ]

    operations = [
        migrations.AlterField(
            model_name='link',
            name='purpose',
            field=models.CharField(choices=[('first_sign_in', 'Set a password for the first time'), ('invitation', 'Accept an invitation'), ('claim', 'Join for a school by its known address'), ('new_address', 'Confirm a new email address'), ('guest', 'Answer one request as a guest'), ('actions', 'Answer actions from a reminder'), ('feed', 'Read one’s own calendar of what is due'), ('meeting', 'Answer an invitation to a meeting'), ('group_feed', 'Read the calendar of a group’s meetings'), ('signature', 'Sign a return of an audit'), ('approval', 'Approve a training place as its manager'), ('place', 'See to one’s own training place'), ('after_training', 'Say what training was worth')], max_length=20),
        ),
    ]
