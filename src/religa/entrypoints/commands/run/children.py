"""The processes of one Religa, in one place. To add one, add it here."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from religa import wiring
from religa.entrypoints.commands import demo_bank
from religa.entrypoints.commands.run.supervisor import Child

RELIGA = (sys.executable, "-m", "religa.entrypoints.commands.main")
_MOST_WORKERS = 4  # unless RELIGA_WEB_WORKERS says otherwise: each takes about 90 MB
DJANGO = (sys.executable, "-m", "django")


@dataclass(frozen=True, kw_only=True)
class Places:
    """Where the children listen: loopback ports, settled before they start."""

    web_host: str
    web_port: int
    radius_port: int | None  # None: RADIUS stays off
    bank_port: int | None = None  # of the demo's bank; None: no demo


def others(
    places: Places,
    *,
    home: Path,
    radius_url: str | None,
    network_url: str | None,
    retention_url: str | None = None,
) -> list[Child]:
    """All but the web server, which starts first."""
    radius = [] if places.radius_port is None else [_radius(places.radius_port, home, radius_url or "")]
    reconciler = [] if network_url is None else [_reconciler(network_url)]
    return [
        *_bank(places, home),
        _worker(retention_url),
        _sweeper(),
        _sender(),
        _collector(places),
        *reconciler,
        *radius,
    ]


def web(places: Places) -> Child:
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--log-level", "warning"]
    command += ["--host", places.web_host, "--port", str(places.web_port), "--blocking-threads", "4"]
    command += [
        "--workers",
        os.environ.get("RELIGA_WEB_WORKERS") or str(min(os.cpu_count() or 1, _MOST_WORKERS)),
    ]
    command += ["--workers-kill-timeout", "4", "religa.project.wsgi:application"]
    return Child(name="web", command=tuple(command), environment={"RELIGA_DB_POOL": "4"})


def _worker(retention_url: str | None) -> Child:
    """It purges as a role of its own, since no other may delete."""
    environment = {} if retention_url is None else {"RELIGA_RETENTION_URL": retention_url}
    command = (*DJANGO, "procrastinate", "worker", "--shutdown-graceful-timeout", "8")
    return Child(name="worker", command=(*command, "--delete-jobs", "successful"), environment=environment)


def _sweeper() -> Child:
    return Child(name="sweeper", command=(*RELIGA, "sweep"))


def _sender() -> Child:
    return Child(name="sender", command=(*RELIGA, "send"))


def _collector(places: Places) -> Child:
    """It makes charges, takes events and asks the banks."""
    address = f"http://{places.web_host}:{places.web_port}"
    demo = () if places.bank_port is None else ("--demo-address", address)
    return Child(name="collector", command=(*RELIGA, "collect", *demo))


def _bank(places: Places, home: Path) -> list[Child]:
    """The demo's bank: it moves no money, and keeps its books between two runs."""
    if places.bank_port is None:
        return []
    command = [*RELIGA, "fake-psp", "--port", str(places.bank_port), "--key", demo_bank.KEY]
    command += ["--payee", demo_bank.PAYEE, "--books", str(home / "demo-bank.json")]
    return [Child(name="bank", command=tuple(command))]


def _reconciler(database_url: str) -> Child:
    """As the role that may read routers' secrets, and no name, document or amount."""
    environment = {"RELIGA_NETWORK_URL": database_url}
    return Child(name="reconciler", command=(*RELIGA, "reconcile"), environment=environment)


def _radius(port: int, home: Path, database_url: str) -> Child:
    folder = home / "radius"
    server = wiring.radius_server(folder=folder, database_url=database_url, address="127.0.0.1", port=port)
    launch = server.prepare()
    return Child(name="radius", command=launch.command, environment=launch.environment)
