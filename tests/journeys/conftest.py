"""A real browser: Debian's chromium, driven by Playwright."""

from __future__ import annotations

import os
import shutil

import pytest


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args, require):
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    require(chromium, "chromium", "chromium")
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
