"""`religa reconcile`: the process that makes the network agree with the rows."""

from __future__ import annotations

import asyncio
import os
import signal
from datetime import UTC, datetime

import click
from prometheus_client import start_http_server

from religa import wiring
from religa.actions.reconcile.api_routers import ApiRouters
from religa.actions.reconcile.reconciler import Reconciler
from religa.actions.reconcile.telling import Telling
from religa.entrypoints.commands import home
from religa.ports import AccessRouter
from religa.records import setup
from religa.records.reconciling import ApiRouter


@click.command(short_help="Move live sessions into their contract's state.")
@click.option("--once", is_flag=True, help="Look at every session, give the orders that follow, then stop.")
@click.option("--metrics-port", type=int, help="Numbers for Prometheus on 127.0.0.1.  [default: none]")
def reconcile(once: bool, metrics_port: int | None) -> None:
    """Move live sessions into the state that their contract's row asks for, by CoA or Disconnect (RFC 5176).

    Routers without RADIUS are told over their API. Restores go first. What a router acknowledged is checked
    against what it shows; a router that is silent delays no other. Connects as the role religa_network
    (RELIGA_NETWORK_URL, or the embedded server's).
    """
    telling = Telling()
    if metrics_port is not None:
        start_http_server(metrics_port, addr="127.0.0.1", registry=telling.registry)
    url = _url()
    reconciler = Reconciler(
        url=url,
        sender=wiring.dynamic_authorization(),
        telling=telling,
        now=_now,
        api=ApiRouters(url=url, connect=_connect, now=_now),
    )
    if once:
        click.echo(f"{asyncio.run(reconciler.once())} sessions were not in their state")
    else:
        asyncio.run(_until_told_to_stop(reconciler))


def _now() -> datetime:
    return datetime.now(UTC)


def _connect(router: ApiRouter) -> AccessRouter:
    """The settings under `api` are those of the adapter (docs/operators/routeros.md)."""
    settings = dict(router.settings.get("api", {}))
    return wiring.access_router(
        host=router.host, username=settings.pop("user", "religa"), password=router.secret, **settings
    )


def _url() -> str:
    """The reconciler's own log-in: the application's may not know routers' secrets."""
    if given := os.environ.get("RELIGA_NETWORK_URL"):
        return given
    server = wiring.embedded_postgres(folder=home.folder() / "postgres")
    if os.environ.get("DATABASE_URL") and not server.is_running():
        raise click.UsageError(
            "RELIGA_NETWORK_URL is not set: religa db setup prints it (role religa_network)."
        )
    return server.url(
        database="religa", user=setup.NETWORK, password=home.secret(setup.NETWORK, server.folder)
    )


async def _until_told_to_stop(reconciler: Reconciler) -> None:
    task = asyncio.current_task()
    assert task is not None
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    try:
        await reconciler.run()
    except asyncio.CancelledError:
        return
