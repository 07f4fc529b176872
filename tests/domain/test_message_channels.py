"""A channel as it is filled in: sums, templates, and everything that can be seen to be wrong at once."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from religa.domain.message_channels import (
    ChannelFault,
    ChannelProblem,
    MessageChannel,
    format_cost,
    problems_of,
    read_cost,
    read_templates,
    secret_problems,
    tidied,
    write_templates,
)

SMTP = {"host": "mail.provedor.test", "sender": "cobranca@provedor.test"}
GATEWAY = {"url": "https://gateway.test/sms", "body_kind": "json", "body": '{"to": "{{to}}"}'}


def faults(kind, medium, given_settings, **more):
    channel = MessageChannel("Canal", kind, medium, settings=given_settings, **more)
    return [(p.fault, p.field) for p in problems_of(tidied(channel))]


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 100_000))
def test_a_cost_is_read_as_it_is_shown(tenths):
    assert read_cost(format_cost(tenths)) == tenths


@pytest.mark.parametrize(
    ("typed", "tenths"),
    [
        ("0,079", 79), ("0.079", 79), ("R$ 0,10", 100), ("", 0), ("1", 1000), ("0,0795", None), ("-1", None),
        ("abc", None), ("1.234,56", None), ("NaN", None), ("Infinity", None), ("1e2", 100_000), ("101", None),
    ],
)  # fmt: skip
def test_a_cost_has_three_decimals_at_most(typed, tenths):
    assert read_cost(typed) == tenths


def test_templates_are_read_as_they_are_shown():
    lines = "debt_notice = aviso pt_BR name text\ncode = codigo en code code_button\nreminder = lembrete text"
    found = read_templates(lines)
    assert found["debt_notice"] == {
        "name": "aviso", "language": "pt_BR", "parameters": ["name", "text"], "code_button": False,
    }  # fmt: skip
    assert found["code"]["code_button"] and found["reminder"]["language"] == ""
    assert write_templates(found) == lines
    assert read_templates("reminder = lembrete")["reminder"]["parameters"] == ["text"]
    assert read_templates("\n \n") == {}
    assert read_templates("debt_notice: aviso") == ChannelProblem(
        ChannelFault.TEMPLATES_FORM, "templates", "debt_notice: aviso"
    )


def test_what_is_well_filled_in_has_no_faults():
    assert faults("smtp", "email", SMTP) == []
    assert faults("whatsapp_cloud", "whatsapp", {"phone_number_id": "106540352242922"}) == []
    assert faults("http_gateway", "sms", GATEWAY) == []
    assert faults("web_push", "push", {"contact": "noc@provedor.test"}) == []
    assert faults("apprise", "sms", {}) == []


@pytest.mark.parametrize(
    ("kind", "medium", "words", "fault"),
    [
        ("fax", "fax", {}, (ChannelFault.KIND_UNKNOWN, "kind")),
        ("smtp", "sms", SMTP, (ChannelFault.MEDIUM_UNFIT, "medium")),
        ("smtp", "email", {"host": "mail.test"}, (ChannelFault.MISSING, "sender")),
        ("smtp", "email", SMTP | {"host": "mail test"}, (ChannelFault.HOST_FORM, "host")),
        ("smtp", "email", SMTP | {"port": 70_000}, (ChannelFault.PORT_FORM, "port")),
        ("smtp", "email", SMTP | {"reply_to": "a b"}, (ChannelFault.EMAIL_FORM, "reply_to")),
        ("whatsapp_cloud", "whatsapp", {"phone_number_id": "+55 85"}, (ChannelFault.DIGITS_FORM, "phone_number_id")),
        ("http_gateway", "sms", GATEWAY | {"url": "http://gateway.test/"}, (ChannelFault.URL_FORM, "url")),
        ("http_gateway", "sms", GATEWAY | {"url": "https://{{to}}.test/"}, (ChannelFault.URL_FORM, "url")),
        ("http_gateway", "sms", GATEWAY | {"url": "https://u:p@a.test/"}, (ChannelFault.URL_FORM, "url")),
        ("http_gateway", "sms", GATEWAY | {"body": '{"a": {{to}}}'}, (ChannelFault.BODY_FORM, "body")),
        ("http_gateway", "sms", GATEWAY | {"body": '{"a": "{{numero}}"}'}, (ChannelFault.NAME_UNKNOWN, "body")),
        ("http_gateway", "sms", GATEWAY | {"headers": ["A: {{x}}"]}, (ChannelFault.NAME_UNKNOWN, "headers")),
        ("http_gateway", "sms", GATEWAY | {"body_kind": "xml"}, (ChannelFault.BODY_KIND, "body_kind")),
        ("http_gateway", "sms", GATEWAY | {"body": "x" * 5000}, (ChannelFault.TOO_LONG, "body")),
    ],
)  # fmt: skip
def test_each_fault_stands_at_its_field(kind, medium, words, fault):
    assert fault in faults(kind, medium, words)


def test_a_gateway_inside_the_own_network_may_do_without_tls():
    for url in ("http://127.0.0.1:13013/cgi-bin/sendsms", "http://10.0.0.9/sms", "http://localhost/x"):
        assert faults("http_gateway", "sms", GATEWAY | {"url": url}) == []


def test_sums_and_limits_have_their_range():
    found = faults("apprise", "sms", {}, cost_tenths=-1, per_second=0, position=100)
    assert [f for f, _ in found] == [
        ChannelFault.COST_FORM, ChannelFault.THROTTLE_FORM, ChannelFault.POSITION_FORM,
    ]  # fmt: skip


def test_a_secret_is_needed_until_it_is_there():
    assert [p.field for p in secret_problems("whatsapp_cloud", {})] == ["access_token", "app_secret"]
    assert secret_problems("whatsapp_cloud", {}, kept=["access_token", "app_secret", "hook"]) == []
    odd = secret_problems("smtp", {"password": "a\nb"})
    assert [(p.fault, p.field) for p in odd] == [(ChannelFault.SECRET_CHARACTERS, "password")]
    assert secret_problems("smtp", {"password": "frase com espaços".replace("ç", "c")}) == []


def test_what_a_kind_does_not_read_is_not_kept():
    channel = tidied(
        MessageChannel(" A ", "smtp", "email", settings=SMTP | {"url": "x", "user": " ", "port": 25})
    )
    assert channel.name == "A" and channel.settings == SMTP | {"port": 25}
