"""A real browser (Debian's chromium, driven by Playwright) and a real FreeRADIUS, on the same database."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest

from radius import ROLE, ROLE_PASSWORD, Radius, make_server


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args, require):
    # The shell is the same browser without its own windows: two thirds of the work.
    found = map(shutil.which, ("chromium-headless-shell", "chromium"))
    chromium = os.environ.get("CHROMIUM") or next(filter(None, found), None)
    require(chromium, "chromium", "chromium-headless-shell")
    return {
        **browser_type_launch_args,
        "executable_path": chromium,
        "args": [
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-quic",
        ],
    }


@pytest.fixture(scope="session")
def radius(postgres_server, django_db_setup, tmp_path_factory) -> Iterator[Radius]:
    """FreeRADIUS on the database of this worker's pages."""
    from django.db import connection

    name = connection.settings_dict["NAME"]
    url = postgres_server.url(database=name, user=ROLE, password=ROLE_PASSWORD)
    server = make_server(tmp_path_factory.mktemp("radius"), url)
    server.start()
    yield Radius(server)
    server.stop()
