"""From nothing to a first page, and back to nothing."""

import contextlib
import fcntl
import os
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from string import Template

from religa.entrypoints.commands import home
from religa.entrypoints.commands.run import data, packages
from religa.entrypoints.commands.run.children import Places, others, web
from religa.entrypoints.commands.run.options import CannotStart, Options, Say, say_port
from religa.entrypoints.commands.run.ports import free_port
from religa.entrypoints.commands.run.supervisor import Supervisor, end_all

TICK = 0.2  # seconds
_BANK_PORT = 8790  # of the demo's bank, or the next free one


def run(options: Options, *, say: Say) -> None:
    """Start everything, watch over it, and stop everything when told to."""
    folder = home.folder()
    folder.mkdir(parents=True, exist_ok=True)
    with _only_one(folder), _stop_signals():
        try:
            if left := end_all(folder):
                say(f"An earlier Religa was killed; ended {left} processes that it left.")
            radius = packages.ensure(may_install=options.apt, say=say)
            with data.opened(options, say=say) as used:
                places = _settle_places(options, used, radius=radius and used.radius_url is not None, say=say)
                environment = data.environment_of(options, used, places)
                demo = data.seed(options, used, environment, say=say)
                _serve(places, used, environment, demo=demo, say=say)
        except KeyboardInterrupt:
            say("Stopped.")
        finally:
            end_all(folder)


def _serve(places: Places, used: data.Database, environment: dict[str, str], *, demo: str, say: Say) -> None:
    supervisor = Supervisor(home=home.folder(), environment=environment, say=say)
    say("Starting the web server")
    try:
        supervisor.add([web(places)])
        _wait_for_page(places, used, supervisor)
        # After the page, which somebody is waiting for.
        supervisor.add(
            others(
                places,
                home=home.folder(),
                radius_url=used.radius_url,
                network_url=used.network_url,
                retention_url=used.retention_url,
            )
        )
        _welcome(places, demo, say)
        while True:
            supervisor.tick()
            used.watch()
            time.sleep(TICK)
    finally:
        _ignore_signals()
        say("Stopping")
        supervisor.stop()


def _settle_places(options: Options, used: data.Database, *, radius: bool, say: Say) -> Places:
    web = free_port(options.port, host=options.host)
    say_port("the web server", wanted=options.port, has=web, say=say)
    bank = free_port(_BANK_PORT) if data.with_demo(options, used) else None
    if not radius:
        return Places(web_host=options.host, web_port=web, radius_port=None, bank_port=bank)
    port = free_port(options.radius_port, count=2, udp=True)
    say_port("RADIUS", wanted=options.radius_port, has=port, say=say)
    return Places(web_host=options.host, web_port=web, radius_port=port, bank_port=bank)


def _wait_for_page(places: Places, used: data.Database, supervisor: Supervisor) -> None:
    while not _answers(f"http://{places.web_host}:{places.web_port}/"):
        supervisor.tick()
        used.watch()
        time.sleep(0.05)


def _answers(url: str) -> bool:
    try:
        urllib.request.urlopen(url, timeout=5).close()
    except urllib.error.HTTPError:  # an answer, too; web.log says what is wrong
        return True
    except OSError:
        return False
    return True


def _welcome(places: Places, demo: str, say: Say) -> None:
    say(f"\nReliga is running: http://{places.web_host}:{places.web_port}/")
    if places.radius_port is not None:
        say(f"RADIUS on 127.0.0.1: log-ins {places.radius_port}, accounting {places.radius_port + 1}")
    if demo:
        say(Template(demo.rstrip()).safe_substitute(RADIUS_PORT=places.radius_port or "PORT"))
    say(f"Logs: {home.folder() / 'logs'}    Ctrl-C stops everything.")


# One at a time, until told to stop


@contextlib.contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    with (folder / "run.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise CannotStart(f"Religa already runs in {folder} (process {file.read().strip()}).") from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


@contextlib.contextmanager
def _stop_signals() -> Iterator[None]:
    """SIGTERM, and a closed terminal, end us as Ctrl-C does."""

    def interrupt(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup wants us to stay
        signal.signal(signal.SIGHUP, interrupt)
    yield


def _ignore_signals() -> None:
    """A second Ctrl-C must not leave half of it running."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
