"""The company that bills, its people, and every version of its policy."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from religa.records.models.base import check, known, to, unique

ROLES = ("agent", "finance", "network", "manager")


class Provider(models.Model):
    """One CNPJ. Its row is the guard's budget row: whoever admits first blocks locks it.

    `phones`: list of {"number": ..., "hours": ...} as printed. `enforcement_off_since`: "stop all blocks".
    `first_run_approved_at`: until a person has released the first run, every run is held.
    """

    name = models.TextField()
    trade_name = models.TextField(default="")
    cnpj = models.TextField()
    address = models.TextField(default="")
    zone = models.TextField(default="America/Sao_Paulo")
    uf = models.TextField(default="")
    ibge_code = models.TextField(default="")
    phones = models.JSONField(default=list)
    email = models.TextField(default="")
    site = models.TextField(default="")
    payee = models.TextField(default="")
    pix_key = models.TextField(default="")
    enforcement_off_since = models.DateTimeField(null=True)
    enforcement_off_by = models.TextField(default="")
    first_run_approved_at = models.DateTimeField(null=True)
    first_run_approved_by = models.TextField(default="")

    class Meta:
        db_table = "provider"
        constraints = [
            unique("provider", "cnpj_once", "cnpj"),
            check("provider", "cnpj_form", Q(cnpj__regex=r"^[0-9A-Z]{12}[0-9]{2}$")),
        ]


class PolicyVersion(models.Model):
    """The provider's numbers from `valid_from` on. `values` are the overrides as people write them; append-only."""

    provider = to("records.Provider", index=False)
    number = models.IntegerField()
    valid_from = models.DateTimeField()
    preset = models.TextField()
    values = models.JSONField(default=dict)
    author = models.TextField()
    comment = models.TextField(default="")

    class Meta:
        db_table = "policy_version"
        constraints = [
            unique("policy_version", "number_once", "provider", "number"),
            check("policy_version", "number_positive", Q(number__gte=1)),
        ]
        indexes = [models.Index(fields=["provider", "valid_from"], name="policy_version_valid")]


class StaffMember(models.Model):
    """Who may log in to the console, and as what."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="staff_member")
    provider = to("records.Provider")
    role = models.TextField()
    phone = models.TextField(default="")

    class Meta:
        db_table = "staff_member"
        constraints = [known("staff_member", "role", ROLES)]
