"""The portal on the phone's first screen: a manifest, a worker that keeps no data, a page without connection."""

from __future__ import annotations

import json
import re
from io import BytesIO

import pytest
from django.contrib.staticfiles import finders
from PIL import Image

from ..reading import text_of

pytestmark = pytest.mark.django_db


def test_the_manifest_names_the_provider_and_icons_that_are_there(client, provider):
    answer = client.get("/central.webmanifest")
    assert answer["Content-Type"] == "application/manifest+json"
    said = json.loads(answer.content)
    assert said["name"] == provider.trade_name and said["display"] == "standalone"
    for icon in said["icons"]:
        path = finders.find(icon["src"].removeprefix("/static/"))
        if icon["type"] == "image/png":
            with open(path, "rb") as file:
                assert "{}x{}".format(*Image.open(BytesIO(file.read())).size) == icon["sizes"]
    assert {i["sizes"] for i in said["icons"]} >= {"192x192", "512x512", "any"}
    assert any(i.get("purpose") == "maskable" for i in said["icons"])


def test_the_worker_keeps_the_shell_and_nothing_else(client, provider):
    source = client.get("/central.js")
    assert source["Content-Type"] == "text/javascript"
    script = source.content.decode()
    shell = json.loads(re.search(r"const SHELL = (\[.*?\]);", script)[1])
    pages = [path for path in shell if not path.startswith("/static/")]
    assert pages == ["/sem-conexao/"]
    assert all(finders.find(path.removeprefix("/static/")) for path in shell if path not in pages)
    assert script.count("caches.open") == 1 and "cache.put" not in script and ".add(" not in script


def test_what_the_worker_keeps_is_the_same_for_everybody(client, enter, maria):
    before = client.get("/sem-conexao/").content
    assert enter(maria).get("/sem-conexao/").content == before
    page = text_of(client.get("/sem-conexao/"))
    assert "0800 591 0000" in page and maria.subscriber.name not in page
    assert b"csrf" not in before.lower()


def test_pages_tell_browsers_of_it(enter, maria):
    html = enter(maria).get(f"/contrato/{maria.pk}/").content.decode()
    assert '<link rel="manifest" href="/central.webmanifest">' in html
    assert 'data-worker="/central.js"' in html and '<meta name="description" content="' in html
