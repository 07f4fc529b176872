"""How a contract reaches the network: log-ins, NASes, sessions. Network secrets lie in schema `radius_secret`."""

from django.db import models
from django.db.models import Q

from religa.domain.coa_test import Found
from religa.domain.facts import Access
from religa.records.models.base import Cidr, Inet, check, known, ordered, to, unique


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


REACHES = ("coa", "routeros_api", "none")


class Nas(models.Model):
    """A router that asks RADIUS, or that is told over its API. `address` may be a network.

    `reach`: how we speak to it. `source`: the address of ours from which it takes orders (null: what the system picks).
    `coa_window`: orders under way at once. `shadow`: what would be sent is shown and not sent. `settings`: what only
    one kind of router has.
    """

    provider = to("records.Provider", null=True)
    name = models.TextField()
    address = Inet()
    vendor = models.TextField(default="mikrotik")
    identifier = models.TextField(default="")
    enabled = models.BooleanField(default=True)
    coa_port = models.IntegerField(default=3799)
    reach = models.TextField(default="coa", db_default="coa")
    source = models.GenericIPAddressField(null=True)
    coa_window = models.SmallIntegerField(default=16, db_default=16)
    shadow = models.BooleanField(default=False, db_default=False)
    settings = models.JSONField(default=dict)

    class Meta:
        db_table = "nas"
        constraints = [
            unique("nas", "address_once", "address"),
            check("nas", "coa_port_valid", Q(coa_port__gte=1, coa_port__lte=65535)),
            check("nas", "coa_window_within_64", Q(coa_window__gte=1, coa_window__lte=64)),
            known("nas", "reach", REACHES),
        ]


class NasHealth(models.Model):
    """What was last heard of a router; a row of its own, because it is written all day.

    `answered_at` and `outcome`: of the last order that got an answer. `silent_since`: orders get none. `alarm`: a fault
    that only a person can mend (an answer that names our configuration).
    """

    nas = models.OneToOneField("records.Nas", models.CASCADE, primary_key=True, related_name="health")
    accounted_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    outcome = models.TextField(default="")
    silent_since = models.DateTimeField(null=True)
    alarm = models.TextField(default="")
    alarm_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "nas_health"


class NasTest(models.Model):
    """Somebody asked whether a router takes orders; the reconciler sends one for a session that does not exist.

    Append-only for the pages: what came of it is written by `radius.test_done` alone. `outcome` is empty until then.
    """

    nas = to("records.Nas", index=False)
    asked_at = models.DateTimeField()
    asked_by = models.TextField()
    answered_at = models.DateTimeField(null=True)
    outcome = models.TextField(default="", db_default="")
    error_cause = models.IntegerField(null=True)
    took_ms = models.FloatField(null=True)

    class Meta:
        db_table = "nas_test"
        constraints = [
            unique("nas_test", "one_waiting", "nas", where=Q(answered_at__isnull=True)),
            known("nas_test", "outcome", ("", *Found)),
            check("nas_test", "answer_whole", Q(answered_at__isnull=True) | ~Q(outcome="")),
        ]
        indexes = [models.Index(fields=["nas", "-asked_at"], name="nas_test_latest")]


class Session(models.Model):
    """What accounting told. `applied_state` is what the NAS is known to enforce and `applied_until` when that ends by
    itself at the NAS (null: not by itself); `octets` count from its start."""

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
    applied_until = models.DateTimeField(null=True)
    verified_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    octets_in = models.BigIntegerField(default=0)
    octets_out = models.BigIntegerField(default=0)

    class Meta:
        abstract = True


class SessionLive(Session):
    """Sessions that are open now. Stop moves the row to `session_log`.

    `push_*`: how moving it into its contract's state goes: times tried, not again before, last outcome. `contradicted`:
    times its router showed another state than it had acknowledged.
    """

    push_tries = models.SmallIntegerField(default=0, db_default=0)
    push_after = models.DateTimeField(null=True)
    push_outcome = models.TextField(default="", db_default="")
    contradicted = models.SmallIntegerField(default=0, db_default=0)

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
            # No index on what interim updates change: it would make each of them as dear as a new row.
            models.Index(fields=["push_after"], name="session_live_pending", condition=Q(push_tries__gt=0)),
            models.Index(
                fields=["contract"],
                name="session_live_not_plain",
                condition=Q(applied_state__in=["closed", "reduced", "walled"])
                | Q(applied_until__isnull=False),
            ),
        ]


class SessionLog(Session):
    """Sessions that are over, partitioned by the month of `stopped_at` (made in SQL, see records/sql)."""

    stopped_at = models.DateTimeField()
    terminate_cause = models.TextField(default="")

    class Meta:
        db_table = "session_log"
        managed = False


class CoaLog(models.Model):
    """One order to a router and what became of it (RFC 5176). Append-only; `took_ms` null: no answer."""

    at = models.DateTimeField()
    contract = to("records.Contract", index=False)
    session_unique_id = models.TextField()
    nas = to("records.Nas", index=False, null=True)
    kind = models.TextField()
    wanted = models.TextField()
    outcome = models.TextField()
    error_cause = models.IntegerField(null=True)
    took_ms = models.FloatField(null=True)

    class Meta:
        db_table = "coa_log"
        constraints = [known("coa_log", "kind", ("coa", "disconnect", "routeros_api"))]
        indexes = [
            models.Index(fields=["contract", "at"], name="coa_log_contract"),
            models.Index(fields=["at"], name="coa_log_at"),
        ]


class Incident(models.Model):
    """A fault of ours: of one router or of one municipality. While it is open nobody there is blocked."""

    provider = to("records.Provider")
    nas = to("records.Nas", null=True, index=False)
    ibge_code = models.TextField(default="")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    reason = models.TextField()
    author = models.TextField()
    ended_by = models.TextField(default="")

    class Meta:
        db_table = "incident"
        constraints = [
            check("incident", "names_a_place", Q(nas__isnull=False) | ~Q(ibge_code="")),
            check("incident", "names_a_reason", ~Q(reason="")),
            ordered("incident", "since", "until"),
        ]
        indexes = [
            models.Index(fields=["provider"], name="incident_open", condition=Q(until__isnull=True)),
        ]


class SessionRead(models.Model):
    """Who of the staff looked at connection records, whose, when and why (Marco Civil art. 13). Append-only.

    `contract` null: a search by address. `reason`: the court's reference, or what the person wrote.
    """

    at = models.DateTimeField()
    who = models.TextField()
    provider = to("records.Provider", null=True, index=False)
    contract = to("records.Contract", null=True)
    asked = models.TextField()
    reason = models.TextField(default="", db_default="")

    class Meta:
        db_table = "session_read"
        indexes = [
            models.Index(fields=["at"], name="session_read_at"),
            models.Index(fields=["provider", "at"], name="session_read_provider"),
        ]


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
