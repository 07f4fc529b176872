"""Which door answers at which address. Each door lists its own pages in its `urls`."""

from importlib.util import find_spec

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

DOORS = {"console": "console/", "api": "api/v1/", "portal": "", "block_page": "", "webhooks": "hooks/"}

urlpatterns: list[URLPattern | URLResolver] = [path("admin/", admin.site.urls)]
for door, address in DOORS.items():
    if find_spec(f"religa.entrypoints.{door}.urls"):
        urlpatterns.append(path(address, include(f"religa.entrypoints.{door}.urls")))
