"""The steps of the journey, each against the real thing: actions, sweeper, guard, and FreeRADIUS by radclient."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg

from religa import wiring
from religa.actions import approve_run, engine, record_payment, redecide, unlock_on_trust
from religa.actions.importing import rows as import_rows
from religa.actions.importing import run as importing
from religa.domain.facts import Channel, Method, UnlockKind
from religa.domain.trust import Request
from religa.entrypoints.commands.database import Addresses
from religa.entrypoints.commands.journey import town
from religa.entrypoints.commands.journey.wrong import WentWrong
from religa.entrypoints.commands.run.ports import free_port
from religa.records import locks, network_secrets, raw
from religa.records.models import Nas, Provider
from religa.records.queries.naming import contract_named

_SECRET = "secret-of-the-journey"
_POLICY = {"no_business_calendar": True, "reminders": []}
_AGED_DAYS = 16
_SOON = 2  # seconds until the aged trust ends


class Journey:
    """What the steps share."""

    def __init__(self, folder: Path, addresses: Addresses) -> None:
        self.folder, self.addresses = folder, addresses

    def import_town(self, subscribers: int, late: int) -> None:
        at = locks.database_now()
        today = at.astimezone(ZoneInfo("America/Fortaleza")).date()
        town.write(self.folder, subscribers=subscribers, late=late, today=today)
        with ExitStack() as files:
            sources = [
                importing.Source(path.name, kind, files.enter_context(path.open("rb")))
                for path in sorted(self.folder.glob("*.csv"))
                if (kind := import_rows.kind_of(path.name)) is not None
            ]
            asked = importing.Asked(apply=True, author="journey", hold_share=100)
            report = importing.import_files(sources, asked=asked, at=at, progress=_Silent())
        self._check(report.outcome is importing.Outcome.APPLIED, f"the import was {report.outcome}")
        self._set_policy()

    def _set_policy(self) -> None:
        provider = Provider.objects.get()
        number = raw.rows("SELECT coalesce(max(number), 0) + 1 FROM policy_version")[0][0]
        raw.run(
            "INSERT INTO policy_version (provider_id, number, valid_from, preset, values, author, comment)"
            " VALUES (%s, %s, '2020-01-01', 'custom', %s::jsonb, 'journey', '')",
            [provider.pk, number, json.dumps(_POLICY)],
        )
        redecide.redecide(at=locks.database_now())

    @contextmanager
    def radius(self) -> Iterator[None]:
        """FreeRADIUS on free ports of this machine, and this machine as a NAS."""
        nas = Nas.objects.create(provider=Provider.objects.get(), name="journey", address="127.0.0.1")
        network_secrets.set_nas_secret(nas_id=nas.pk, secret=_SECRET)
        port = free_port(21812, count=2, udp=True)
        server = wiring.radius_server(
            folder=self.folder / "radius", database_url=self.addresses.radius, address="127.0.0.1", port=port
        )
        self.ask = wiring.radius_question(port=port, secret=_SECRET)
        server.start()
        try:
            yield
        finally:
            server.stop()

    # -- the five steps -----------------------------------------------------------------------------------------

    def late(self, expected: int) -> None:
        engine.turn(at=locks.database_now())
        self._count("SELECT count(*) FROM contract_access WHERE status = 'late'", expected, "late contracts")

    def notices(self, expected: int) -> None:
        engine.settle(at=locks.database_now(), channel_for=wiring.outbox_for)
        query = (
            "SELECT count(*) FROM delivery_event e JOIN notice n ON n.id = e.notice_id"
            " WHERE n.kind = 'debt_notice' AND e.evidence = 'delivered'"
        )
        self._count(query, expected, "debt notices with evidence")

    def fifteen_days_later(self) -> None:
        """Ages the rows as if the notices were of sixteen days ago."""
        with psycopg.connect(self.addresses.admin, autocommit=True) as admin:
            for statement in _AGE:
                admin.execute(statement, {"days": _AGED_DAYS})

    def blocks(self, expected: int) -> None:
        engine.settle(at=locks.database_now(), channel_for=wiring.outbox_for)
        held = raw.rows("SELECT id, reason FROM block_run WHERE state = 'held'")
        self._check([reason for _, reason in held] == ["first_run"], f"held runs: {held}")
        approve_run.approve(run_id=held[0][0], by="Gestora", at=locks.database_now())
        engine.settle(at=locks.database_now(), channel_for=wiring.outbox_for)
        self._count(
            "SELECT count(*) FROM contract_access WHERE access = 'walled' AND status = 'blocked'",
            expected,
            "blocks",
        )

    def unlock(self, number: int) -> None:
        given = unlock_on_trust.unlock(
            contract_id=self._contract(number),
            request=Request(UnlockKind.PROMISE, Channel.PORTAL),
            at=locks.database_now(),
        )
        self._check(isinstance(given, unlock_on_trust.Unlocked), f"the unlock was answered {given}")
        answer = self._radius(number)
        timeout = answer.number("Session-Timeout")
        days = 3 * 24 * 3600
        self._check(timeout is not None and days - 60 < timeout <= days, f"Session-Timeout {timeout}")

    def trust_ends(self, number: int) -> None:
        """Ages the unlock so that it ends in two seconds; then only RADIUS is asked."""
        with psycopg.connect(self.addresses.admin, autocommit=True) as admin:
            for statement in _END_SOON:
                admin.execute(statement, {"contract": self._contract(number), "seconds": _SOON})
        time.sleep(_SOON + 0.2)
        self.expect_walled(number)

    def locks(self, number: int) -> None:
        raw.run(
            "UPDATE contract_access SET next_look_at = until WHERE contract_id = %s", [self._contract(number)]
        )
        engine.settle(at=locks.database_now(), channel_for=wiring.outbox_for)
        self._count("SELECT count(*) FROM contract_access WHERE status = 'locked'", 1, "locked contracts")

    def pay(self, number: int) -> None:
        at = locks.database_now()
        record_payment.record(
            contract_id=self._contract(number),
            payment_id="E-journey",
            amount=110_00,
            method=Method.PIX,
            paid_at=at,
            at=at,
            invoice=f"F{number}",
        )

    # -- what RADIUS says ---------------------------------------------------------------------------------------

    def expect_online(self, number: int) -> None:
        answer = self._radius(number)
        self._check(answer.text("Class") == "st=active", f"RADIUS answers {answer}")

    def expect_walled(self, number: int) -> None:
        answer = self._radius(number)
        self._check(answer.text("Class") == "st=blocked", f"RADIUS answers {answer}")
        self._check(answer.number("Session-Timeout") == 1800, f"RADIUS answers {answer}")

    def _radius(self, number: int) -> wiring.RadiusAnswer:
        username, password = town.login(number)
        answer = self.ask(username, password)
        self._check(wiring.is_accepted(answer), f"RADIUS answers {answer}")
        return answer

    def _contract(self, number: int) -> int:
        found = contract_named(f"C{number}")
        if found is None:
            raise WentWrong(f"contract C{number} is not there")
        return found

    def _count(self, query: str, expected: int, what: str) -> None:
        found = raw.rows(query)[0][0]
        self._check(found == expected, f"{found} {what}, {expected} expected")

    @staticmethod
    def _check(holds: bool, otherwise: str) -> None:
        if not holds:
            raise WentWrong(otherwise)


class _Silent:
    """Progress that nobody watches."""

    step: Callable[..., None] = staticmethod(lambda *_: None)
    advance: Callable[..., None] = staticmethod(lambda *_: None)


_AGE = (
    "UPDATE notice SET sent_at = sent_at - make_interval(days => %(days)s),"
    " opens_at = opens_at - make_interval(days => %(days)s)",
    "UPDATE delivery_event SET at = at - make_interval(days => %(days)s)",
    "UPDATE invoice SET issued_at = issued_at - make_interval(days => %(days)s), due_date = due_date - %(days)s"
    " WHERE due_date < current_date",
    "UPDATE contract_access SET next_look_at = now() WHERE status = 'late'",
)
_END_SOON = (
    "UPDATE trust_unlock SET until = now() + make_interval(secs => %(seconds)s),"
    " granted_until = now() + make_interval(secs => %(seconds)s) WHERE contract_id = %(contract)s",
    "UPDATE contract_access SET until = now() + make_interval(secs => %(seconds)s) WHERE contract_id = %(contract)s",
)
