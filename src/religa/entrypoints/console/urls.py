"""The console's pages."""

from django.urls import path

from religa.entrypoints.console import (
    contract,
    deeds,
    failures,
    find,
    log_in,
    network,
    outbox,
    runs,
    sessions,
    stop,
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
    path("contrato/<int:contract_id>/conexao/", sessions.sessions, name="sessions"),
    path("rede/", network.network, name="network"),
    path("rede/ordens/", network.orders, name="orders"),
    path("rede/bloqueados/", network.blocked, name="blocked"),
    path("rede/endereco/", sessions.addresses, name="addresses"),
    path("rede/consultas/", sessions.readers, name="readers"),
    path("mensagens/", outbox.outbox, name="outbox"),
    path("bloqueios/", runs.runs, name="runs"),
    path("bloqueios/<int:run_id>/", runs.run, name="run"),
    path("bloqueios/<int:run_id>/aprovar/", runs.approve, name="approve"),
    path("parar/", stop.stop, name="stop"),
    path("retomar/", stop.resume, name="resume"),
    path("falhas/", failures.failures, name="failures"),
]
