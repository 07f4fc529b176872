"""What the tables share: checks built from the domain's words, periods, plain tables.

Tables carry the bare names of docs/glossary.md. Every constraint is named `<table>_<what holds>`; `records/errors.py`
turns the names into sentences. Texts are `text`: a length is a rule of a form, not of storage.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q

if TYPE_CHECKING:
    _Text = models.TextField[Any, Any]
else:
    _Text = models.TextField


def to(model: str, *, index: bool = True, **options: Any) -> models.ForeignKey[Any, Any]:
    """A foreign key that never deletes along; `index=False` where another index starts with the column."""
    return models.ForeignKey(model, models.PROTECT, db_index=index, related_name="+", **options)


def known(table: str, column: str, words: type[Enum] | Iterable[str]) -> models.CheckConstraint:
    """The column holds one of the words."""
    values = sorted(str(w.value) if isinstance(w, Enum) else w for w in words)
    return models.CheckConstraint(condition=Q(**{f"{column}__in": values}), name=f"{table}_{column}_known")


def check(table: str, what: str, condition: Q) -> models.CheckConstraint:
    return models.CheckConstraint(condition=condition, name=f"{table}_{what}")


def unique(table: str, what: str, *columns: str, where: Q | None = None) -> models.UniqueConstraint:
    return models.UniqueConstraint(fields=columns, name=f"{table}_{what}", condition=where)


def ordered(table: str, start: str, end: str) -> models.CheckConstraint:
    """A period does not end before it begins (an empty one is allowed: it never held)."""
    return check(
        table, f"{end}_not_before_{start}", Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gte": F(start)})
    )


class Period(models.Model):
    """Something that holds for a contract from `since` to `until` (null: no end yet); half-open."""

    contract = to("records.Contract")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    reason = models.TextField(default="")
    author = models.TextField(default="")
    ended_by = models.TextField(default="")

    class Meta:
        abstract = True


class Inet(_Text):
    """An address or a network; read and written as text."""

    def db_type(self, connection: Any) -> str:
        return "inet"


class Cidr(_Text):
    """A network; read and written as text."""

    def db_type(self, connection: Any) -> str:
        return "cidr"
