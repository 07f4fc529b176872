"""The portal's pages. Addresses are Portuguese: the subscriber reads them."""

from django.urls import path

from religa.entrypoints.portal import (
    agreement,
    dispute,
    history,
    home,
    language,
    log_in,
    own_data,
    pay,
    pay_day,
    trust,
)

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("entrar/", log_in.ask_document, name="log_in"),
    path("entrar/canal/", log_in.choose_channel, name="log_in_channel"),
    path("entrar/codigo/", log_in.check_code, name="log_in_code"),
    path("meus-dados/", own_data.own_data, name="own_data"),
    path("idioma/", language.choose, name="language"),
    path("sair/", log_in.leave, name="log_out"),
    path("contrato/<int:contract_id>/", home.contract, name="contract"),
    path("contrato/<int:contract_id>/pagar/", pay.pay, name="pay"),
    path("contrato/<int:contract_id>/pagar/<int:charge_id>/", pay.paying, name="paying"),
    path("contrato/<int:contract_id>/recebido/<str:payment_id>/", pay.paid, name="paid"),
    path("contrato/<int:contract_id>/liberar/", trust.unlock, name="unlock"),
    path("contrato/<int:contract_id>/liberar/<slug:key>/", trust.answer, name="unlock_answer"),
    path("contrato/<int:contract_id>/dia-de-receber/", pay_day.pay_day, name="pay_day"),
    path("contrato/<int:contract_id>/acordo/", agreement.agreement, name="agreement"),
    path("contrato/<int:contract_id>/acordo/<slug:key>/", agreement.answer, name="agreement_answer"),
    path("contrato/<int:contract_id>/contas/", history.invoices, name="invoices"),
    path("contrato/<int:contract_id>/contas/<int:invoice_id>/", history.invoice, name="invoice"),
    path("contrato/<int:contract_id>/contas/<int:invoice_id>/nao-concordo/", dispute.dispute, name="dispute"),
    path(
        "contrato/<int:contract_id>/contas/<int:invoice_id>/nao-concordo/<slug:key>/",
        dispute.answer,
        name="dispute_answer",
    ),
    path("contrato/<int:contract_id>/pagamentos/", history.payments, name="payments"),
    path("contrato/<int:contract_id>/recibo/<int:payment_key>/", history.receipt, name="receipt"),
    path("contrato/<int:contract_id>/avisos/", history.letters, name="letters"),
]
