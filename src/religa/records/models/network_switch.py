"""The switch of the whole network: whether RADIUS enforces what was decided."""

from django.db import models
from django.db.models import Q

from religa.records.models.base import check


class NetworkSwitch(models.Model):
    """One row, read at each log-in. Off: nobody is walled or slowed, whatever was decided; `closed` stays closed.

    Without a row it is on.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    enforce = models.BooleanField(default=True)
    changed_at = models.DateTimeField()
    changed_by = models.TextField()
    reason = models.TextField(default="")

    class Meta:
        db_table = "network_switch"
        constraints = [
            check("network_switch", "one_row", Q(id=1)),
            check("network_switch", "names_person", ~Q(changed_by="")),
            check("network_switch", "release_names_reason", Q(enforce=True) | ~Q(reason="")),
        ]
