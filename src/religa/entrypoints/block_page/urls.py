"""The block page, the captive portal API, and what devices ask on whatever name, here under our own."""

from django.urls import path

from religa.entrypoints.block_page import captive, page, probes

app_name = "block_page"
urlpatterns = [
    path("bloqueio/", page.page, name="page"),
    path("captive", captive.state, name="captive"),
    *(path(probe.removeprefix("/"), probes.answer) for probe in probes.PATHS),
]
