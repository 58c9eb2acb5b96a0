"""The demo's past: what services write inside stands as if it were written then. Never used where people work."""

from contextlib import contextmanager
from datetime import datetime
from unittest.mock import patch

from django.utils import timezone


@contextmanager
def then(moment: datetime):
    """Inside, Django's clock stands at `moment` and goes on from there. The database's own clock stays as it is."""
    behind = timezone.now() - moment

    class Past(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(tz) - behind

    with patch.object(timezone, "datetime", Past):
        yield
