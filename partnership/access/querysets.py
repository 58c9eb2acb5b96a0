"""Guarded rows: a queryset that refuses to be evaluated unscoped inside a request (house.md 2.7)."""

from django.db import models

from partnership.access import scope


class Unscoped(RuntimeError):
    """Guarded rows were fetched past the row rule. A bug, never a person's doing."""


class GuardedQuerySet(models.QuerySet):
    """`.allowing(user, perm)` and `.visible_to(user)` scope it; `.unscoped(why)` says why it need not be."""

    _scoped = False
    _shown_to_person = False

    def _clone(self):
        clone = super()._clone()
        clone._scoped = self._scoped
        clone._shown_to_person = self._shown_to_person
        return clone

    def allowing(self, user, perm):
        """The rows on which `user` holds `perm`, by any path, and from whose folder he is not barred."""
        from partnership.access.rows import clause

        rows = self.filter(clause(self.model, user, perm))
        rows._scoped = True
        rows._shown_to_person = True
        return rows

    def visible_to(self, user):
        return self.allowing(user, self.model.access.view)

    def unscoped(self, why: str):
        """Past the row rule. `why` must say what makes it right: it is read in review, not by the machine."""
        if not why:
            raise ValueError("say why")
        rows = self._chain()
        rows._scoped = True
        return rows

    def _guard(self):
        if not self._scoped and scope.current() is not None:
            raise Unscoped(f"{self.model._meta.label} was fetched inside a request without allowing() or visible_to().")

    def _fetch_all(self):
        if self._result_cache is None:
            self._guard()
        fresh = self._result_cache is None
        super()._fetch_all()
        current = scope.current()
        if fresh and current is not None and self._shown_to_person and self.model.access.logged:
            shown = current.shown.setdefault(self.model._meta.label_lower, {})
            for row in self._result_cache:
                if isinstance(row, self.model):
                    shown[row.pk] = row.folder_id

    def iterator(self, *args, **kwargs):
        self._guard()
        return super().iterator(*args, **kwargs)

    def count(self):
        if self._result_cache is None:
            self._guard()
        return super().count()

    def exists(self):
        if self._result_cache is None:
            self._guard()
        return super().exists()

    def aggregate(self, *args, **kwargs):
        self._guard()
        return super().aggregate(*args, **kwargs)

    def update(self, **kwargs):
        self._guard()
        return super().update(**kwargs)

    def delete(self):
        self._guard()
        return super().delete()

    delete.alters_data = True
    delete.queryset_only = True

    def __or__(self, other):
        return self._combined(other, super().__or__(other))

    def __and__(self, other):
        return self._combined(other, super().__and__(other))

    def union(self, *others, all=False):
        rows = super().union(*others, all=all)
        rows._scoped = self._scoped and all_scoped(others)
        return rows

    def _combined(self, other, rows):
        # A union of a scoped and an unscoped set would be wider than the rule.
        rows._scoped = self._scoped and all_scoped([other])
        return rows


def all_scoped(sets):
    return all(getattr(rows, "_scoped", False) for rows in sets)


class GuardedManager(models.Manager.from_queryset(GuardedQuerySet)):
    """`create`, `bulk_create` write; every reading goes through the queryset's rule."""
