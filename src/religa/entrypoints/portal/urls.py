"""The portal's pages. Addresses are Portuguese: the subscriber reads them."""

from django.urls import path

from religa.entrypoints.portal import app, history, home, language, log_in, passkeys, pay, security, trust

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("entrar/", log_in.ask_document, name="log_in"),
    path("entrar/canal/", log_in.choose_channel, name="log_in_channel"),
    path("entrar/codigo/", log_in.check_code, name="log_in_code"),
    path("entrar/senha/", log_in.check_password, name="log_in_password"),
    path("entrar/chave/", passkeys.log_in, name="log_in_passkey"),
    path("entrar/chave/opcoes/", passkeys.options, name="passkey_options"),
    path("aparelhos/", security.devices, name="devices"),
    path("aparelhos/tirar/", security.end_device, name="end_device"),
    path("aparelhos/tirar-os-outros/", security.end_devices, name="end_devices"),
    path("aparelhos/senha/", security.set_password, name="set_password"),
    path("aparelhos/senha/apagar/", security.forget_password, name="forget_password"),
    path("aparelhos/chave/opcoes/", passkeys.making, name="passkey_making"),
    path("aparelhos/chave/", passkeys.keep, name="keep_passkey"),
    path("aparelhos/chave/apagar/", passkeys.forget, name="forget_passkey"),
    path("central.webmanifest", app.manifest, name="manifest"),
    path("central.js", app.worker, name="worker"),
    path("sem-conexao/", app.offline, name="offline"),
    path("idioma/", language.choose, name="language"),
    path("sair/", log_in.leave, name="log_out"),
    path("contrato/<int:contract_id>/", home.contract, name="contract"),
    path("contrato/<int:contract_id>/pagar/", pay.pay, name="pay"),
    path("contrato/<int:contract_id>/pagar/<int:charge_id>/", pay.paying, name="paying"),
    path("contrato/<int:contract_id>/recebido/<str:payment_id>/", pay.paid, name="paid"),
    path("contrato/<int:contract_id>/liberar/", trust.unlock, name="unlock"),
    path("contrato/<int:contract_id>/liberar/<slug:key>/", trust.answer, name="unlock_answer"),
    path("contrato/<int:contract_id>/contas/", history.invoices, name="invoices"),
    path("contrato/<int:contract_id>/avisos/", history.letters, name="letters"),
]
