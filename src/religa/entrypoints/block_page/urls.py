"""The block page, the captive portal API, and what devices ask on whatever name, here under our own."""

from django.urls import path, re_path

from religa.entrypoints.block_page import asking, captive, page, probes
from religa.entrypoints.block_page.forms import NONCE

app_name = "block_page"
urlpatterns = [
    path("bloqueio/", page.page, name="page"),
    path("bloqueio/liberar/", asking.unlock, name="unlock"),
    path("bloqueio/codigo/", asking.send_code, name="send_code"),
    path("bloqueio/janela/", asking.window, name="window"),
    path("bloqueio/pix/", asking.pix, name="pix"),
    path("bloqueio/estado", page.state, name="state"),
    re_path(rf"^bloqueio/pedido/(?P<nonce>{NONCE})/$", page.answer, name="answer"),
    path("captive", captive.state, name="captive"),
    *(path(probe.removeprefix("/"), probes.answer) for probe in probes.PATHS),
]
