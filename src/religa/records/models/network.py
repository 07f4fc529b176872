"""How a contract reaches the network: log-ins, NASes, sessions. Network secrets lie in schema `radius_secret`."""

from django.db import models
from django.db.models import Q

from religa.domain.facts import Access
from religa.records.models.base import Cidr, Inet, check, to, unique


class AccessRecord(models.Model):
    """One log-in of a contract; a contract may have several. Rates in kbit/s override the plan's.

    `extra_replies`: list of [attribute, operator, value], sent as they are. The password lies in
    `radius_secret.network_password`.
    """

    contract = to("records.Contract")
    username = models.TextField()
    enabled = models.BooleanField(default=True)
    mac = models.TextField(null=True)
    ipv4 = models.GenericIPAddressField(protocol="IPv4", null=True)
    pool = models.TextField(default="")
    ipv6_prefix_pool = models.TextField(default="")
    ipv6_pd_pool = models.TextField(default="")
    down_kbps = models.IntegerField(null=True)
    up_kbps = models.IntegerField(null=True)
    burst_down_kbps = models.IntegerField(null=True)
    burst_up_kbps = models.IntegerField(null=True)
    burst_threshold_down_kbps = models.IntegerField(null=True)
    burst_threshold_up_kbps = models.IntegerField(null=True)
    burst_seconds = models.IntegerField(null=True)
    extra_replies = models.JSONField(default=list)

    class Meta:
        db_table = "access_record"
        constraints = [
            unique("access_record", "username_once", "username"),
            check("access_record", "username_trimmed", Q(username__regex=r"^\S(.*\S)?$")),
            check(
                "access_record",
                "mac_form",
                Q(mac__isnull=True) | Q(mac__regex=r"^([0-9A-F]{2}:){5}[0-9A-F]{2}$"),
            ),
        ]


class Nas(models.Model):
    """A router that asks RADIUS. `address` may be a network; `coa_port` and flags are what was tried on it."""

    provider = to("records.Provider", null=True)
    name = models.TextField()
    address = Inet()
    vendor = models.TextField(default="mikrotik")
    identifier = models.TextField(default="")
    enabled = models.BooleanField(default=True)
    coa_port = models.IntegerField(default=3799)
    coa_enabled = models.BooleanField(default=True)
    settings = models.JSONField(default=dict)
    last_seen_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "nas"
        constraints = [
            unique("nas", "address_once", "address"),
            check("nas", "coa_port_valid", Q(coa_port__gte=1, coa_port__lte=65535)),
        ]


class Session(models.Model):
    """What accounting told. `applied_state` is what the NAS is known to enforce, `octets` count from its start."""

    unique_id = models.TextField()
    session_id = models.TextField()
    username = models.TextField()
    contract = to("records.Contract", null=True, index=False)
    nas = to("records.Nas", null=True, index=False)
    nas_address = models.GenericIPAddressField(null=True)
    nas_port = models.TextField(default="")
    calling_station = models.TextField(default="")
    called_station = models.TextField(default="")
    framed_ipv4 = models.GenericIPAddressField(protocol="IPv4", null=True)
    framed_ipv6_prefix = Cidr(null=True)
    delegated_ipv6_prefix = Cidr(null=True)
    applied_state = models.TextField(null=True)
    applied_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    octets_in = models.BigIntegerField(default=0)
    octets_out = models.BigIntegerField(default=0)

    class Meta:
        abstract = True


class SessionLive(Session):
    """Sessions that are open now. Stop moves the row to `session_log`."""

    class Meta:
        db_table = "session_live"
        constraints = [
            unique("session_live", "unique_id_once", "unique_id"),
            models.CheckConstraint(
                condition=Q(applied_state__isnull=True) | Q(applied_state__in=[a.value for a in Access]),
                name="session_live_applied_state_known",
            ),
        ]
        indexes = [
            models.Index(fields=["contract"], name="session_live_contract"),
            models.Index(fields=["nas"], name="session_live_nas"),
            models.Index(fields=["username"], name="session_live_username"),
            models.Index(fields=["framed_ipv4"], name="session_live_framed_ipv4"),
        ]


class SessionLog(Session):
    """Sessions that are over, partitioned by the month of `stopped_at` (made in SQL, see records/sql)."""

    stopped_at = models.DateTimeField()
    terminate_cause = models.TextField(default="")

    class Meta:
        db_table = "session_log"
        managed = False


class NetworkPassword(models.Model):
    """Clear for CHAP, else a hash. `religa_app` may set and delete it, and can never read it back."""

    access_record = models.OneToOneField(
        "records.AccessRecord", models.DO_NOTHING, primary_key=True, related_name="+", db_constraint=False
    )
    clear = models.TextField(null=True)
    hash = models.TextField(null=True)
    scheme = models.TextField()

    class Meta:
        db_table = 'radius_secret"."network_password'
        managed = False


class NasSecret(models.Model):
    """The RADIUS secret shared with a NAS; set, never read back."""

    nas = models.OneToOneField(
        "records.Nas", models.DO_NOTHING, primary_key=True, related_name="+", db_constraint=False
    )
    secret = models.TextField()

    class Meta:
        db_table = 'radius_secret"."nas_secret'
        managed = False
