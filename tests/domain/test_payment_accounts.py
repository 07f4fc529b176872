"""What is wrong with a payment account, seen without any database."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from religa.domain.payment_accounts import (
    AccountFault,
    Owner,
    PaymentAccount,
    masked_url,
    owner_of,
    problems_of,
    secret_problems,
    tidied,
)

F = AccountFault
BANKS = {"efi", "sicoob", "generic"}
OWN = "https://banco.religa.test/hooks/"
PIX = PaymentAccount("Pix", "api_pix", profile="efi", pix_key="caixa@provedor.test", client_id="id-1")
EFI = PaymentAccount("Boleto", "efi_cobrancas", client_id="id-1")
FILES = PaymentAccount("Sicoob", "bank_files", profile="756", agency="3001-4", number="12.345-6")
DESK = PaymentAccount("Caixa", "desk")
TEST = {"base_url": "http://127.0.0.1:8790/api", "token_url": "http://localhost:8790/oauth/token"}


def faults(account, own=OWN):
    return [(p.fault, p.field) for p in problems_of(tidied(account), banks=BANKS, own=own)]


@pytest.mark.parametrize("account", [PIX, EFI, FILES, DESK, replace(PIX, profile="generic", **TEST)])
def test_a_whole_account_has_no_problem(account):
    assert faults(account) == []


@pytest.mark.parametrize(
    ("start", "changed", "fault", "field"),
    [
        (PIX, {"name": "  "}, F.NO_NAME, "name"),
        (PIX, {"name": "x" * 201}, F.TOO_LONG, "name"),
        (PIX, {"kind": "paypal"}, F.KIND_UNKNOWN, "kind"),
        (PIX, {"profile": "banco"}, F.BANK_UNKNOWN, "profile"),
        (PIX, {"pix_key": " "}, F.KEY_MISSING, "pix_key"),
        (PIX, {"pix_key": "111.444.777-00"}, F.KEY_FORM, "pix_key"),
        (PIX, {"client_id": ""}, F.CLIENT_ID_MISSING, "client_id"),
        (PIX, {"client_id": "a\u200bb"}, F.SECRET_CHARACTERS, "client_id"),
        (PIX, {"base_url": "ftp://x.test", "token_url": "https://x.test/t"}, F.ADDRESS_FORM, "base_url"),
        (PIX, {"base_url": "http://api.bank.test", "token_url": "https://x.test/t"}, F.ADDRESS_FORM, "base_url"),
        (PIX, {"base_url": "https://x.test/v2"}, F.ADDRESSES_TOGETHER, "token_url"),
        (PIX, {"profile": "generic"}, F.ADDRESS_MISSING, "base_url"),
        (PIX, {"reported_by": "nobody"}, F.LEDGER_UNKNOWN, "reported_by"),
        (PIX, {"hook_check": "trust"}, F.CHECK_UNKNOWN, "hook_check"),
        (PIX, {"hook_check": "mtls", "unverified_webhook": True}, F.CERTIFICATE_WAIVED, "hook_check"),
        (PIX, {"hook_check": "addresses"}, F.NETWORKS_MISSING, "hook_addresses"),
        (PIX, {"hook_addresses": ("10.0.0.300",)}, F.NETWORK_FORM, "hook_addresses"),
        (PIX, {"hook_addresses": ("fe80::1%eth0",)}, F.NETWORK_FORM, "hook_addresses"),
        (PIX, {"hook_addresses": ("0.0.0.0/0",)}, F.NETWORK_TOO_WIDE, "hook_addresses"),
        (PIX, {"hook_addresses": ("2000::/3",)}, F.NETWORK_TOO_WIDE, "hook_addresses"),
        (PIX, {"relay_url": "http://erp.example/pix"}, F.RELAY_FORM, "relay_url"),
        (PIX, {"relay_url": "https://erp.example/p ix"}, F.RELAY_FORM, "relay_url"),
        (PIX, {"relay_url": "https://[::1/pix"}, F.RELAY_FORM, "relay_url"),
        (PIX, {"relay_url": f"{OWN}efi/abc"}, F.RELAY_LOOPS, "relay_url"),
        (EFI, {"client_id": ""}, F.CLIENT_ID_MISSING, "client_id"),
        (EFI, {"base_url": "x"}, F.ADDRESS_FORM, "base_url"),
        (FILES, {"profile": "75"}, F.BANK_CODE_FORM, "profile"),
        (FILES, {"covenant": "12;3"}, F.OF_THE_BANK_FORM, "covenant"),
        (FILES, {"collects": True}, F.CANNOT_COLLECT, "collects"),
        (DESK, {"collects": True}, F.CANNOT_COLLECT, "collects"),
    ],
)  # fmt: skip
def test_each_fault_is_found_at_its_field_and_no_other(start, changed, fault, field):
    assert faults(replace(start, **changed)) == [(fault, field)]


def test_the_old_system_may_stand_in_the_own_network_without_https():
    for url in ("http://10.0.0.9:8080/pix", "http://localhost/pix", "https://erp.example/hook?token=abc"):
        assert faults(replace(PIX, relay_url=url)) == []


def test_what_is_typed_gets_one_form():
    typed = replace(
        PIX,
        name=" Pix ",
        pix_key=" Caixa@Provedor.test ",
        hook_addresses=(" 34.193.1.2/16", "34.193.0.0/16", ""),
    )
    kept = tidied(typed)
    assert (kept.name, kept.pix_key, kept.hook_addresses) == (
        "Pix",
        "caixa@provedor.test",
        ("34.193.0.0/16",),
    )
    assert tidied(replace(PIX, pix_key="+55 (85) 99999-0000")).pix_key == "+5585999990000"


@settings(max_examples=50)
@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=60))
def test_whatever_is_typed_is_judged_and_tidying_twice_is_tidying_once(name, key, url):
    account = tidied(replace(PIX, name=name, pix_key=key, relay_url=url, hook_addresses=(key, url)))
    problems_of(account, banks=BANKS, own=OWN)
    assert tidied(account) == account


def test_a_secret_is_visible_ascii_and_needed_only_where_it_is():
    assert secret_problems(None, "client_secret") == [] == secret_problems("Abc-123_~ x", "client_secret")
    assert [p.fault for p in secret_problems("", "client_secret", is_needed=True)] == [F.SECRET_MISSING]
    for wrong in ("sênha", "a\nb", "a\tb", "x" * 2001):
        assert [p.fault for p in secret_problems(wrong, "client_secret")] == [F.SECRET_CHARACTERS]


@pytest.mark.parametrize(
    ("url", "owner"),
    [
        ("", Owner.NOBODY),
        (f"{OWN}efi/new", Owner.OURS),
        (f"{OWN}efi/new/", Owner.OURS),
        (f"{OWN}efi/old", Owner.OURS_BEFORE),
        (f"{OWN}efi/newer", Owner.OURS_BEFORE),
        (f"{OWN}sicoob/new", Owner.FOREIGN),
        ("https://erp.example/hooks/efi/new", Owner.FOREIGN),
        ("https://banco.religa.test.evil.example/hooks/efi/new", Owner.FOREIGN),
    ],
)
def test_whose_an_address_is(url, owner):
    assert owner_of(url, ours=f"{OWN}efi/new", own=f"{OWN}efi/") is owner


def test_without_a_name_of_our_own_every_address_is_foreign():
    assert owner_of("https://erp.example/x", ours="", own="") is Owner.FOREIGN


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://erp.example/gateway/pix?hmac=SECRET&x=1", "https://erp.example/gateway/pix?…"),
        ("https://user:SECRET@erp.example:8443/hook", "https://erp.example:8443/hook"),
        ("https://banco.test/hooks/efi/3fG_SECRET-9kd8sQw12", "https://banco.test/hooks/efi/…"),
        ("https://[nonsense", "…"),
    ],
)
def test_an_address_is_shown_without_what_opens_it(url, shown):
    assert masked_url(url) == shown and "SECRET" not in shown
