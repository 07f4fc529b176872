"""Roles, extensions, schemas and grants (docs/decisions/0003). May be repeated; used by `religa db setup`.

`prepare` runs before the first migration and needs a user that may create roles; `finish` runs after the last one.
All take a psycopg connection.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from psycopg import Connection, errors, sql

OWNER, APP, RADIUS, RETENTION = "religa_owner", "religa_app", "religa_radius", "religa_retention"
NETWORK, SURVIVAL = "religa_network", "religa_survival"
ROLES = (OWNER, APP, RADIUS, RETENTION, NETWORK, SURVIVAL)
EXTENSIONS = ("btree_gist", "pg_trgm", "unaccent")
_LOCK = 7_352_011  # an arbitrary number, the same for every Religa

APPEND_ONLY = (
    "access_change", "account_change", "address_change", "adjustment", "agreement", "agreement_invoice",
    "allocation", "bank_record", "closing", "coa_log", "contact", "credit_entry", "data_export", "delivery_event",
    "dossier", "message_channel_change", "message_event", "message_event_raw", "message_event_result",
    "message_habit", "message_notice", "message_template", "nas_test", "notice", "notice_invoice", "notice_proof",
    "payment", "payment_reversal", "payment_sighting", "policy_version", "protocol_number", "provider_event",
    "provider_event_result", "receipt_used", "session_read", "suspension_invoice", "trust_unlock_invoice", "waiver",
)  # fmt: skip
ENDS_ONLY = {
    "suspension": ("closed_at", "why_closed"),
    "trust_unlock": ("until", "outcome", "judged_at", "warned_hours"),
}
KEPT = (
    "account_secret", "address_check", "api_client", "bank_file", "bar", "billing_rule", "block_candidate",
    "block_run", "channel_secret", "charge", "contract", "contract_access", "contract_billing", "conversation",
    "dispute", "do_not_contact", "enforcement_off", "event_relay", "hold", "import_batch", "inbound_message",
    "incident", "invoice", "invoice_line", "message", "message_channel", "message_receipt", "money_case",
    "network_switch", "operator_block", "pause", "pay_window", "payment_account", "portal_session", "provider",
    "push_subscription", "reduction", "refund", "refused_callback", "refused_event", "subscriber", "sweep_failure",
    "unidentified_payment",
)  # fmt: skip
PURGED = (
    "access_change", "address_change", "address_check", "adjustment", "agreement", "agreement_invoice",
    "allocation", "coa_log", "contact", "credit_entry", "data_export", "delivery_event", "dossier", "event_relay",
    "idempotency_key", "inbound_message", "invoice", "invoice_line", "login_code", "message", "message_event",
    "message_event_raw", "message_event_result", "message_notice", "message_receipt", "nas_test", "notice",
    "notice_invoice", "notice_proof", "payment", "payment_reversal", "payment_sighting", "portal_session",
    "protocol_number", "provider_event", "provider_event_result", "push_subscription", "receipt_used",
    "refused_callback", "refused_event", "session_log", "session_log_default", "session_read", "suspension",
    "suspension_invoice", "trust_unlock", "trust_unlock_invoice",
)  # fmt: skip
SECRETS = {"network_password": "access_record_id", "nas_secret": "nas_id"}


@dataclass(frozen=True, slots=True)
class Ready:
    """Everything is there; `did` lists what was missing until now."""

    did: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """The connecting user may not do it. `statements` is the SQL for somebody who may, `what` says it in words."""

    what: tuple[str, ...]
    statements: tuple[str, ...]


Statement = tuple[str, sql.Composed]


def prepare(connection: Connection[Any], *, passwords: Mapping[str, str] | None = None) -> Ready | Missing:
    """Creates what is missing, or says what is. A role with a password may log in, one without may not.

    Runs in a transaction of its own, under an advisory lock, so that two at once do the same as one.
    """
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
        wanted = list(_statements(connection, passwords or {}))
    done: list[str] = []
    try:
        with connection.transaction():
            connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
            for what, statement in wanted:
                _tolerant(connection, statement)
                done.append(what)
    except errors.InsufficientPrivilege:
        return _missing(connection, wanted)
    # To some users PostgreSQL says a GRANT that did nothing as a warning, not as an error.
    still_wanted = _statements(connection, {})
    return _missing(connection, still_wanted) if still_wanted else Ready(tuple(done))


def may_log_in(connection: Connection[Any]) -> set[str]:
    """Which of our roles exist and may log in."""
    query = "SELECT rolname FROM pg_roles WHERE rolcanlogin AND rolname = ANY (%s)"
    return {name for (name,) in connection.execute(query, (list(ROLES),))}


def _missing(connection: Connection[Any], wanted: Sequence[Statement]) -> Missing:
    return Missing(tuple(what for what, _ in wanted), tuple(_shown(connection, s) for _, s in wanted))


def _tolerant(connection: Connection[Any], statement: sql.Composed) -> None:
    """Roles belong to the whole server: another database's set-up may have made one a moment ago."""
    try:
        with connection.transaction():
            connection.execute(statement)
    except (errors.DuplicateObject, errors.UniqueViolation):
        pass


def _shown(connection: Connection[Any], statement: sql.Composed) -> str:
    return statement.as_string(connection) + ";"


def _statements(connection: Connection[Any], passwords: Mapping[str, str]) -> Sequence[Statement]:
    found = [
        *_role_statements(connection, passwords),
        *_membership(connection),
        *_extension_statements(connection),
    ]
    database = connection.info.dbname
    may = connection.execute(
        "SELECT has_database_privilege(%s, %s, 'CREATE') AND has_schema_privilege(%s, 'public', 'CREATE')",
        (OWNER, database, OWNER),
    ).fetchone() if _exists(connection, OWNER) else (False,)  # fmt: skip
    if may != (True,):
        owner, name = sql.Identifier(OWNER), sql.Identifier(database)
        found += [
            (
                "the owner may create schemas",
                sql.SQL("GRANT CREATE ON DATABASE {} TO {}").format(name, owner),
            ),
            ("the owner may create tables", sql.SQL("GRANT ALL ON SCHEMA public TO {}").format(owner)),
        ]
    return found


def _exists(connection: Connection[Any], role: str) -> bool:
    return connection.execute("SELECT FROM pg_roles WHERE rolname = %s", (role,)).fetchone() is not None


def _role_statements(connection: Connection[Any], passwords: Mapping[str, str]) -> list[Statement]:
    found: list[Statement] = []
    for role in ROLES:
        if not _exists(connection, role):
            found.append((f"role {role}", sql.SQL("CREATE ROLE {}").format(sql.Identifier(role))))
        if role in passwords:
            login = sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}")
            kept = sql.Literal(_verifier(connection, role, passwords[role]))
            found.append((f"{role} may log in", login.format(sql.Identifier(role), kept)))
    return found


def _verifier(connection: Connection[Any], role: str, password: str) -> str:
    """What the server keeps of a password: neither its log nor SQL that is handed on shows the password itself."""
    return connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()


def _membership(connection: Connection[Any]) -> list[Statement]:
    """Migrations run as the owner. A superuser may become anybody; who only made the role may not, since 16."""
    [(user, superuser)] = connection.execute(
        "SELECT rolname, rolsuper FROM pg_roles WHERE rolname = current_user"
    )
    if superuser or (_exists(connection, OWNER) and _may_become(connection, OWNER)):
        return []
    become = sql.SQL("GRANT {} TO {}").format(sql.Identifier(OWNER), sql.Identifier(user))
    return [(f"{user} may act as {OWNER}", become)]


def _may_become(connection: Connection[Any], role: str) -> bool:
    how = "SET" if connection.info.server_version >= 160000 else "MEMBER"
    return connection.execute("SELECT pg_has_role(%s, %s)", (role, how)).fetchone() == (True,)


def _extension_statements(connection: Connection[Any]) -> list[Statement]:
    there = {name for (name,) in connection.execute("SELECT extname FROM pg_extension")}
    create = sql.SQL("CREATE EXTENSION IF NOT EXISTS {} SCHEMA public")
    return [(f"extension {e}", create.format(sql.Identifier(e))) for e in EXTENSIONS if e not in there]


def migrations_of(connection: Connection[Any]) -> set[str]:
    """Names of the migrations of our tables that the database has seen; none where it is new, or not for this user."""
    readable = "SELECT has_table_privilege(to_regclass('public.django_migrations'), 'SELECT')"
    if connection.execute(readable).fetchone() != (True,):
        return set()
    return {
        name for (name,) in connection.execute("SELECT name FROM django_migrations WHERE app = 'records'")
    }


def finish(connection: Connection[Any]) -> None:
    """After the migrations, as the owner: defines schema `radius` anew and says what each role may do. Repeatable.

    The functions are not a matter of history: whatever the files say now holds, and what they say no more is gone.
    Tables of the schema stay, with what operators wrote.
    """
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
        connection.execute(_FORGET_RADIUS)
        folder = files("religa.records") / "sql" / "radius"
        for file in sorted(folder.iterdir(), key=lambda f: f.name):
            connection.execute(file.read_text())
        for statement in _grants():
            connection.execute(statement)


_FORGET_RADIUS = """
DO $$
DECLARE gone text;
BEGIN
    FOREACH gone IN ARRAY ARRAY (
        SELECT 'VIEW IF EXISTS ' || oid::regclass FROM pg_class
         WHERE relnamespace = 'radius'::regnamespace AND relkind = 'v'
        UNION ALL SELECT 'FUNCTION IF EXISTS ' || oid::regprocedure FROM pg_proc
                   WHERE pronamespace = 'radius'::regnamespace
        UNION ALL SELECT 'TYPE IF EXISTS ' || t.oid::regtype FROM pg_type t JOIN pg_class c ON c.oid = t.typrelid
                   WHERE t.typnamespace = 'radius'::regnamespace AND c.relkind = 'c')
    LOOP
        EXECUTE 'DROP ' || gone || ' CASCADE';
    END LOOP;
    DROP TABLE IF EXISTS radius.reply;
END $$;
"""


def _grants() -> list[sql.Composed]:
    app, radius, retention = (sql.Identifier(r) for r in (APP, RADIUS, RETENTION))
    network, survival = sql.Identifier(NETWORK), sql.Identifier(SURVIVAL)
    to_app = sql.SQL("GRANT {} TO {}")
    every = [
        sql.SQL("GRANT USAGE ON SCHEMA public, radius_secret TO {}").format(app),
        sql.SQL("GRANT USAGE ON SCHEMA radius TO {}, {}, {}, {}").format(app, radius, network, survival),
        sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(retention),
        to_app.format(sql.SQL("SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public"), app),
        to_app.format(sql.SQL("USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public"), app),
        to_app.format(sql.SQL("EXECUTE ON FUNCTION make_session_partition(date), take_statistics()"), app),
        _by_default("SELECT, INSERT, UPDATE, DELETE ON TABLES", app),
        _by_default("USAGE, SELECT ON SEQUENCES", app),
    ]
    return [*every, *_restrictions(app), *_secrets(app), *_purging(retention)]


def _by_default(what: str, role: sql.Identifier) -> sql.Composed:
    """Tables that later migrations (or other packages) create, too."""
    return sql.SQL("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {} TO {}").format(sql.SQL(what), role)


def _restrictions(app: sql.Identifier) -> list[sql.Composed]:
    revoke = sql.SQL("REVOKE {} ON {} FROM {}")
    found: list[sql.Composed] = [
        revoke.format(sql.SQL("UPDATE, DELETE"), sql.Identifier(t), app) for t in (*APPEND_ONLY, *ENDS_ONLY)
    ]
    found += [revoke.format(sql.SQL("DELETE"), sql.Identifier(t), app) for t in KEPT]
    for table, columns in ENDS_ONLY.items():
        names = sql.SQL(", ").join(map(sql.Identifier, columns))
        found.append(sql.SQL("GRANT UPDATE ({}) ON {} TO {}").format(names, sql.Identifier(table), app))
    return found


def _secrets(app: sql.Identifier) -> list[sql.Composed]:
    """Set and delete, find by key, never read."""
    text = sql.SQL("GRANT INSERT, UPDATE, DELETE, SELECT ({}) ON {} TO {}")
    return [
        text.format(sql.Identifier(key), sql.Identifier("radius_secret", table), app)
        for table, key in SECRETS.items()
    ]


def _purging(retention: sql.Identifier) -> list[sql.Composed]:
    tables = sql.SQL(", ").join(map(sql.Identifier, PURGED))
    return [
        sql.SQL("GRANT SELECT ON ALL TABLES IN SCHEMA public TO {}").format(retention),
        sql.SQL("GRANT DELETE ON {} TO {}").format(tables, retention),
        sql.SQL("GRANT UPDATE (cause, salt) ON access_change TO {}").format(retention),
        sql.SQL("GRANT UPDATE (text, subject, address) ON message TO {}").format(retention),
        sql.SQL(
            "GRANT EXECUTE ON FUNCTION drop_session_partition(date, timestamptz),"
            " old_session_partitions(timestamptz) TO {}"
        ).format(retention),
    ]
