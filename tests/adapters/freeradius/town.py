"""A small provider's network in a database of its own: tests write into it, a real FreeRADIUS reads it."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from typing import Any

import psycopg
from django.db import connections

from radius import SECRET, Login

ALIAS = "town"
STATUS = {"full": "current", "reduced": "late", "walled": "blocked", "closed": "terminated"}


class Town:
    """600 Mbit/s down and 300 up for everybody, unless a test says otherwise."""

    def __init__(self, url: str, blocker: Any) -> None:
        self.url = url
        self._blocker = blocker
        self._numbers = itertools.count(1)
        self._postgres = psycopg.connect(url, autocommit=True)
        default = connections["default"].settings_dict
        info = self._postgres.info
        connections.databases[ALIAS] = {
            **default,
            "NAME": info.dbname,
            "USER": info.user,
            "PASSWORD": info.password,
            "HOST": info.host,
            "PORT": info.port,
        }
        with blocker.unblock():
            from religa.records.models import Plan, Provider

            self._provider = Provider.objects.using(ALIAS).create(
                name="Religa Net Ltda",
                cnpj="12ABC34501DE35",
                zone="America/Fortaleza",
                uf="CE",
                ibge_code="2304400",
            )
            self.plan = Plan.objects.using(ALIAS).create(
                provider=self._provider,
                external_id="600",
                name="600 Mega",
                down_kbps=600_000,
                up_kbps=300_000,
            )

    def close(self) -> None:
        connections[ALIAS].close()
        del connections[ALIAS], connections.databases[ALIAS]
        self._postgres.close()

    def sql(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Runs and commits one statement as the superuser; its rows, if it has any."""
        cursor = self._postgres.execute(statement, parameters)  # type: ignore[arg-type]
        return cursor.fetchall() if cursor.description else []

    def login(self, username: str | None = None, *, password: str | None = "segredo", **record: Any) -> Login:
        """A contract with full access and one log-in; without a password there is none to compare with."""
        from religa.records.models import AccessRecord, Contract, Subscriber

        number = next(self._numbers)
        username = username or f"ana{number}"
        with self._blocker.unblock():
            subscriber = Subscriber.objects.using(ALIAS).create(
                provider=self._provider,
                external_id=str(number),
                kind="person",
                document="11144477735",
                name="Ana",
            )
            contract = Contract.objects.using(ALIAS).create(
                provider=self._provider,
                subscriber=subscriber,
                plan=record.pop("plan", self.plan),
                external_id=str(number),
                since=date(2024, 1, 10),
            )
            made = AccessRecord.objects.using(ALIAS).create(contract=contract, username=username, **record)
        if password is not None:
            self.keep_password(made.pk, clear=password)
        return Login(username=username, password=password or "", contract=contract.pk, record=made.pk)

    def keep_password(
        self, record: int, *, clear: str | None = None, hash: str | None = None, scheme: str = "clear"
    ):
        self.sql(
            "INSERT INTO radius_secret.network_password VALUES (%s, %s, %s, %s)"
            " ON CONFLICT (access_record_id) DO UPDATE SET clear = excluded.clear, hash = excluded.hash,"
            " scheme = excluded.scheme",
            record, clear, hash, scheme,
        )  # fmt: skip

    def decide(
        self,
        login: Login,
        access: str,
        *,
        status: str = "",
        seconds: float | None = None,
        then: str | None = None,
    ) -> None:
        """What evaluation would have written: `access`, and after so many seconds of the database's clock `then`."""
        self.sql(
            "UPDATE contract_access SET access = %s, status = %s, why = 'test', until = now() + %s, access_then = %s"
            " WHERE contract_id = %s",
            access, status or STATUS[access], None if seconds is None else timedelta(seconds=seconds), then or access,
            login.contract,
        )  # fmt: skip

    def nas(self, address: str, *, secret: str = SECRET, **nas: Any) -> int:
        from religa.records.models import Nas

        with self._blocker.unblock():
            made = Nas.objects.using(ALIAS).create(name=address, address=address, **nas)
        self.sql("INSERT INTO radius_secret.nas_secret VALUES (%s, %s)", made.pk, secret)
        return int(made.pk)

    def release(self, released: bool) -> None:
        """The switch of the whole network, as `religa network release` and `enforce` set it."""
        self.sql(
            "INSERT INTO network_switch (enforce, id, changed_at, changed_by, reason) VALUES (%s, 1, now(), 'test', 'x')"
            " ON CONFLICT (id) DO UPDATE SET enforce = excluded.enforce",
            not released,
        )
