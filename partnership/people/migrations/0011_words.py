import django.contrib.postgres.indexes
from django.db import migrations

import partnership.people.words

# What is read here is read by the body at once (RETURN), so that a dump is restored whatever the search path is.
# partnership/people/words.py does the same to what somebody types.
FORWARD = r"""
CREATE FUNCTION portal_plain(said text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN replace(replace(replace(replace(translate(lower(
    regexp_replace(
        regexp_replace(normalize(said, NFKD),
            '[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u064b-\u065f\u00ad\u200b-\u200f\u2060\ufeff''’‘ʼ`]', '', 'g'),
        '[-‐‑‒–—_/.@<>&]', ' ', 'g')
), 'øđłıð', 'odlid'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th');

-- Each word as it is, for names and for words that are only begun, and by its stem. Names such as Will are no words
-- at all to the English dictionary.
CREATE FUNCTION portal_words(said text) RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (
    SELECT to_tsvector('pg_catalog.english', words) || to_tsvector('pg_catalog.simple', words)
    FROM (SELECT portal_plain(said) AS words) AS said_plainly
);
"""
BACKWARD = "DROP FUNCTION portal_words(text); DROP FUNCTION portal_plain(text);"


class Migration(migrations.Migration):
    dependencies = [("people", "0010_guest")]

    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.AddIndex(
            model_name="user",
            index=django.contrib.postgres.indexes.GinIndex(
                partnership.people.words.Words("name", "job_title"), name="user_words"
            ),
        ),
    ]
