"""The console's pages."""

from django.urls import path

from religa.entrypoints.console import (
    contract,
    deeds,
    failures,
    find,
    incidents,
    log_in,
    outbox,
    routers,
    runs,
    stop,
    vendors,
)

app_name = "console"
urlpatterns = [
    path("", find.home, name="home"),
    path("entrar/", log_in.log_in, name="login"),
    path("sair/", log_in.log_out, name="log_out"),
    path("busca/", find.search, name="search"),
    path("contrato/<int:contract_id>/", contract.contract, name="contract"),
    path("contrato/<int:contract_id>/desbloquear/", deeds.unlock, name="unlock"),
    path("contrato/<int:contract_id>/encerrar-liberacao/", deeds.revoke, name="revoke"),
    path("contrato/<int:contract_id>/nao-bloquear/", deeds.hold_page, name="hold"),
    path("contrato/<int:contract_id>/encerrar-nao-bloquear/", deeds.release, name="release"),
    path("contrato/<int:contract_id>/pagamento/", deeds.payment, name="payment"),
    path("mensagens/", outbox.outbox, name="outbox"),
    path("bloqueios/", runs.runs, name="runs"),
    path("bloqueios/<int:run_id>/", runs.run, name="run"),
    path("bloqueios/<int:run_id>/aprovar/", runs.approve, name="approve"),
    path("parar/", stop.stop, name="stop"),
    path("retomar/", stop.resume, name="resume"),
    path("incidentes/", incidents.incidents, name="incidents"),
    path("incidentes/abrir/", incidents.begin, name="open_incident"),
    path("incidentes/<int:incident_id>/encerrar/", incidents.end, name="close_incident"),
    path("roteadores/", routers.router_list, name="routers"),
    path("roteadores/novo/", routers.add, name="router_add"),
    path("roteadores/<int:nas_id>/", routers.router_page, name="router"),
    path("roteadores/<int:nas_id>/mudar/", routers.edit, name="router_edit"),
    path("roteadores/<int:nas_id>/testar/", routers.test, name="router_test"),
    path("roteadores/tipos/", vendors.vendor_list, name="vendors"),
    path("roteadores/tipos/<slug:vendor>/", vendors.vendor_page, name="vendor"),
    path("roteadores/tipos/<slug:vendor>/mudar/", vendors.edit, name="vendor_edit"),
    path("roteadores/tipos/<slug:vendor>/copiar/", vendors.copy, name="vendor_copy"),
    path("falhas/", failures.failures, name="failures"),
]
