"""Plans, subscribers, contracts and logins: who is served, where, at what speed."""

from __future__ import annotations

from religa.actions.importing import staging
from religa.actions.importing.columns import Kind
from religa.actions.importing.staging import Run
from religa.actions.importing.upsert import Counted, Field, field, insert, update
from religa.records import raw

_BURST = (
    "burst_down_kbps",
    "burst_up_kbps",
    "burst_threshold_down_kbps",
    "burst_threshold_up_kbps",
    "burst_seconds",
)
_ID, _NAME = Field("id", "x.id", ""), Field("external_id", "x.external_id", "")

PLAN = (
    field("name"),
    field("price", "0"),
    field("down_kbps"),
    field("up_kbps"),
    *(field(name) for name in _BURST),
)
SUBSCRIBER = (
    Field("kind", "CASE length(x.document) WHEN 11 THEN 'person' ELSE 'company' END", "document"),
    field("document"),
    field("name"),
    field("email", "''"),
    field("language", "'pt-br'"),
)
CONTRACT = (
    field("plan_id", source="plan_id"),
    Field("segment", "coalesce(x.segment, x.usual_segment)", "segment"),
    field("since"),
    field("address", "''"),
    field("city", "''"),
    field("uf", "''"),
    field("ibge_code", "''"),
    field("rgc_exempt", "false"),
    field("bound_until"),
    field("due_day"),
)
LOGIN = (
    field("contract_id", source="contract_id"),
    field("mac"),
    field("ipv4"),
    field("pool", "''"),
    field("ipv6_prefix_pool", "''"),
    field("ipv6_pd_pool", "''"),
    field("enabled", "true"),
    field("down_kbps"),
    field("up_kbps"),
    *(field(name) for name in _BURST),
)


def write_plans(run: Run) -> Counted:
    head = (_ID, _NAME, Field("provider_id", "%(provider)s", ""))
    return Counted(
        new=insert("plan", "x_plan", (*head, *PLAN), run.parameters),
        changed=update("plan", "x_plan", PLAN, run.present(Kind.PLANS)),
    )


def write_subscribers(run: Run) -> Counted:
    head = (_ID, _NAME, Field("provider_id", "%(provider)s", ""))
    present = run.present(Kind.SUBSCRIBERS)
    found = Counted(
        new=insert("subscriber", "x_subscriber", (*head, *SUBSCRIBER), run.parameters),
        changed=update("subscriber", "x_subscriber", SUBSCRIBER, present),
    )
    if present & {"phones", "whatsapp"}:
        _phones(run)
    return found


def _phones(run: Run) -> None:
    """The file's numbers, in its order. One that it no longer has goes, unless it was verified here: a code must not
    be sent to whoever has that number now."""
    staging.derive("x_number", _NUMBERS, run.parameters)
    raw.run("""
        DELETE FROM subscriber_phone t USING x_subscriber x
         WHERE t.subscriber_id = x.old_id AND t.verified_at IS NULL
           AND NOT EXISTS (SELECT FROM x_number n WHERE n.subscriber_id = t.subscriber_id AND n.number = t.number)
    """)
    raw.run("""
        INSERT INTO subscriber_phone (subscriber_id, position, number, whatsapp)
        SELECT subscriber_id, position, number, whatsapp FROM x_number
        ON CONFLICT ON CONSTRAINT subscriber_phone_number_once
        DO UPDATE SET position = EXCLUDED.position, whatsapp = EXCLUDED.whatsapp
         WHERE (subscriber_phone.position, subscriber_phone.whatsapp)
               IS DISTINCT FROM (EXCLUDED.position, EXCLUDED.whatsapp)
    """)


_NUMBERS = """
    SELECT x.id AS subscriber_id, row_number() OVER (PARTITION BY x.id ORDER BY min(p.place))::smallint AS position,
           p.number, bool_or(p.number = x.whatsapp) IS TRUE AS whatsapp
      FROM x_subscriber x
     CROSS JOIN unnest(array_remove(coalesce(x.phones, '{}') || x.whatsapp, NULL))
           WITH ORDINALITY AS p(number, place)
     GROUP BY x.id, p.number
"""


def write_contracts(run: Run) -> Counted:
    head = (
        _ID,
        _NAME,
        Field("provider_id", "%(provider)s", ""),
        Field("subscriber_id", "x.subscriber_id", ""),
        Field("import_batch_id", "%(batch)s", ""),
        Field("terminated_at", "x.terminated_at", ""),
        Field("terminated_by", "CASE WHEN x.terminated_at IS NULL THEN '' ELSE 'import' END", ""),
    )
    return Counted(
        new=insert("contract", "x_contract", (*head, *CONTRACT), run.parameters),
        changed=update("contract", "x_contract", CONTRACT, contract_columns(run)),
    )


def contract_columns(run: Run) -> frozenset[str]:
    present = run.present(Kind.CONTRACTS)
    return present | {"plan_id"} if "plan" in present else present


def write_logins(run: Run) -> Counted:
    head = (_ID, Field("username", "x.username", ""), Field("extra_replies", "'[]'::jsonb", ""))
    present = run.present(Kind.LOGINS)
    found = Counted(
        new=insert("access_record", "x_login", (*head, *LOGIN)),
        changed=update("access_record", "x_login", LOGIN, present | {"contract_id"}),
    )
    if "password" in present:
        _passwords()
    return found


_CLEAR = "CASE WHEN coalesce(x.scheme, 'clear') = 'clear' THEN x.password END"
_HASH = "CASE WHEN x.scheme <> 'clear' THEN x.password END"


def _passwords() -> None:
    """Set, never read (docs/decisions/0003): what is there cannot be compared, so each given password is written again.

    No ON CONFLICT: it would need the right to read what it replaces.
    """
    raw.run(f"""
        UPDATE radius_secret.network_password t
           SET clear = {_CLEAR}, hash = {_HASH}, scheme = coalesce(x.scheme, 'clear')
          FROM x_login x WHERE t.access_record_id = x.id AND x.old_id IS NOT NULL AND x.password IS NOT NULL
    """)
    raw.run(f"""
        INSERT INTO radius_secret.network_password (access_record_id, clear, hash, scheme)
        SELECT x.id, {_CLEAR}, {_HASH}, coalesce(x.scheme, 'clear')
          FROM x_login x WHERE x.password IS NOT NULL
           AND x.id NOT IN (SELECT access_record_id FROM radius_secret.network_password)
    """)
