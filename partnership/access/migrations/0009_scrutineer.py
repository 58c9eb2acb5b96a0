from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0008_emergency'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='folder',
            options={'ordering': ['reference'], 'permissions': [('role_cl', 'Case lead'), ('role_co', 'Case officer'), ('role_pm', 'Rapid review panel member'), ('role_sg', 'Signs for a safeguarding partner'), ('role_sc', 'Independent scrutineer')]},
        ),
    ]
