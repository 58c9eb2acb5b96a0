"""SQL that is made once a process: for the few questions that every page asks and that Django takes long to write."""

from collections.abc import Callable

from django.contrib.postgres.fields import ArrayField
from django.db.models import JSONField
from django.db.models.expressions import RawSQL


class Prepared:
    """A question with its values left open. build(**marks) -> a queryset, asked for at the first use.

    marks: name -> a value of the right type that stands for what comes later and can be nothing else. What the
    queryset looks like may not depend on the values. Raises ValueError where a mark is not in the SQL's parameters.
    """

    def __init__(self, build: Callable, **marks):
        self.build, self.marks = build, marks
        self.made = None

    def statement(self, **values) -> tuple[str, list]:
        """(SQL, parameters) with these values."""
        if self.made is None:
            sql, params = self.build(**self.marks).query.sql_with_params()
            if missing := [name for name, mark in self.marks.items() if mark not in params]:
                raise ValueError(f"the question does not ask for {', '.join(missing)}")
            self.made = sql, params
        sql, params = self.made
        known = {mark: values[name] for name, mark in self.marks.items()}
        return sql, [known.get(each, each) for each in params]

    def array(self, **values) -> RawSQL:
        """The rows of a question with one JSON column, as an array: to annotate another query with."""
        sql, params = self.statement(**values)
        return RawSQL(f"ARRAY({sql})", params, ArrayField(JSONField()))  # noqa: S611 - Django's own SQL


def as_array(ids) -> str:
    """Ids as PostgreSQL writes an array of them: the right side of `__among`."""
    return "{" + ",".join(map(str, ids)) + "}"
