"""Each channel over the contract, against a fake of its other side on a real socket."""

from __future__ import annotations

import base64
import json
from email import message_from_bytes, policy

import pytest
from channel_contract import ChannelContract

from religa import wiring
from religa.adapters.fakes import cloud_api, sms_gateway
from religa.adapters.fakes.cloud_api import FakeCloudApi
from religa.adapters.fakes.listening import LOST
from religa.adapters.fakes.mail_sink import MailSink
from religa.adapters.fakes.push_service import FakePushService
from religa.adapters.fakes.sms_gateway import FakeSmsGateway
from religa.ports.messages import OutgoingMessage

from .making import PHONE, made

NOWHERE = "http://127.0.0.1:9"


class OverHttp:
    """What the drivers of platforms that speak HTTP share."""

    wrong = ("85 98888-7777", "+5585988887777", "0123456789", "5585")
    address, has_numbers, knows_repeats = PHONE, True, False

    def __init__(self, fake):
        self.fake = fake
        self.channel = self.make(fake.root)

    def is_away(self):
        return self.make(NOWHERE)

    def take_and_say_nothing(self):
        self.fake.faults.append(LOST)
        self.fake.does_it_first = True


class WhatsApp(OverHttp):
    def make(self, root):
        secrets = {"access_token": self.fake.token, "app_secret": self.fake.app_secret, "verify_token": "v"}
        words = {"phone_number_id": self.fake.phone_number_id, "base_url": root}
        return made("whatsapp_cloud", "whatsapp", words, secrets)

    def taken(self):
        return [(b["to"], b["template"]["components"][0]["parameters"][0]["text"]) for b in self.fake.taken]

    def refuse(self, *, permanent):
        self.fake.faults.append(cloud_api.error(131026 if permanent else 130429))


class Sms(OverHttp):
    def make(self, root):
        words = {**sms_gateway.SETTINGS, "url": f"{root}/enviar", "repeatable": self.knows_repeats}
        return made("http_gateway", "sms", words, {"token": sms_gateway.TOKEN})

    def taken(self):
        return [(t["para"], t["mensagem"]) for t in self.fake.taken]

    def refuse(self, *, permanent):
        code = sms_gateway.NO_NUMBER if permanent else sms_gateway.NO_CREDIT
        self.fake.faults.append(sms_gateway.refusal(code))


class SmsThatKnowsRepeats(Sms):
    knows_repeats = True


class Push(OverHttp):
    wrong = (
        "{}",
        "[]",
        '{"endpoint": "https://fcm.googleapis.com/x", "keys": {"p256dh": "AA", "auth": "AA"}}',
    )

    def __init__(self, fake):
        self.key = wiring.new_push_key()
        fake.server_key = wiring.public_push_key(self.key)
        super().__init__(fake)
        self.address = fake.subscription()

    def make(self, root, services=None):
        allowed = services or (self.fake.host,)
        words, secrets = {"contact": "noc@provedor.test"}, {"vapid_key": self.key}
        return made("web_push", "push", words, secrets, services=allowed)

    def is_away(self):
        self.address = self.address.replace(self.fake.host, "127.0.0.1:9")
        away = self.make("", ("127.0.0.1:9",))
        address = self.address

        class Away:
            name = "push"

            def send(self, message):
                return away.send(OutgoingMessage(1, "debt", "push", address, "a", message.text, "pt-br"))

        return Away()

    def taken(self):
        return [(self.address, shown["body"]) for shown in self.fake.read]

    def refuse(self, *, permanent):
        self.fake.faults.append(cloud_api.Answer(410 if permanent else 429))


class Mail:
    address, has_numbers, knows_repeats = "ana@example.test", True, False
    wrong = (
        "ana",
        "ana@",
        "@example.test",
        "ana maria@example.test",
        "<ana@example.test>",
        "a,b@c.test",
        "-x@c.test",
    )

    def __init__(self, fake):
        self.fake = fake
        self.channel = self.make(fake.port)

    def make(self, port):
        words = {"host": "127.0.0.1", "port": port, "sender": "cobranca@provedor.test"}
        return made("smtp", "email", words)

    def taken(self):
        mails = [(m.recipient, message_from_bytes(m.text, policy=policy.default)) for m in self.fake.taken]
        return [(to, mail.get_content()) for to, mail in mails]

    def refuse(self, *, permanent):
        said = (
            "550 5.1.1 <ana@example.test> unknown" if permanent else "450 4.2.0 <ana@example.test> greylisted"
        )
        self.fake.once["ana"] = said

    def take_and_say_nothing(self):
        self.fake.cut = 1

    def is_away(self):
        return self.make(9)


@pytest.fixture(scope="module")
def cloud():
    with FakeCloudApi() as fake:
        yield fake


@pytest.fixture(scope="module")
def gateway():
    with FakeSmsGateway() as fake:
        yield fake


@pytest.fixture(scope="module")
def push_service():
    with FakePushService() as fake:
        yield fake


@pytest.fixture(scope="module")
def sink():
    with MailSink() as fake:
        yield fake


@pytest.fixture(autouse=True)
def _anew(request):
    for name in ("cloud", "gateway", "push_service", "sink"):
        if name in request.fixturenames:
            fake = request.getfixturevalue(name)
            fake.behave()


class TestWhatsApp(ChannelContract):
    @pytest.fixture
    def side(self, cloud):
        return WhatsApp(cloud)


class TestSms(ChannelContract):
    @pytest.fixture
    def side(self, gateway):
        return Sms(gateway)


class TestSmsWhereARepeatIsKnown(ChannelContract):
    @pytest.fixture
    def side(self, gateway):
        gateway.knows_repeats = True
        return SmsThatKnowsRepeats(gateway)


class TestPush(ChannelContract):
    @pytest.fixture
    def side(self, push_service):
        return Push(push_service)


class TestMail(ChannelContract):
    @pytest.fixture
    def side(self, sink):
        return Mail(sink)


# -- what is each channel's own --------------------------------------------------------------------------------------


def message(kind="debt", text="Olá.\n\nSua conta venceu.", **more):
    return OutgoingMessage(7, kind, "whatsapp", PHONE, "Aviso", text, more.pop("language", "pt-br"), **more)


def test_whatsapp_says_by_template_what_starts_a_conversation_and_by_text_what_answers(cloud):
    channel = WhatsApp(cloud).channel
    channel.send(message())
    cloud.windows.add(PHONE)
    channel.send(message("answer", reply_to="wamid.in9"))
    channel.send(message(in_window=True))
    template, answer, inside = cloud.taken
    assert template["template"]["name"] == "religa_debt" and template["template"]["language"] == {
        "code": "pt_BR"
    }
    assert template["biz_opaque_callback_data"] == "7"
    assert answer["text"]["body"] == "Olá.\n\nSua conta venceu." and answer["context"] == {
        "message_id": "wamid.in9"
    }
    assert inside["type"] == "text"


def test_free_text_outside_the_window_needs_a_template_and_is_not_tried_again(cloud):
    outcome = WhatsApp(cloud).channel.send(message("answer"))
    assert outcome.permanent and outcome.error.startswith("131047")


def test_a_kind_has_the_template_and_the_parameters_that_were_written_for_it(cloud):
    templates = {
        "debt": {"name": "aviso", "language": "pt_BR", "parameters": ["name", "amount", "text"]},
        "code": {"name": "codigo", "parameters": ["code"], "code_button": True},
    }
    words = {"phone_number_id": cloud.phone_number_id, "base_url": cloud.root, "templates": templates}
    channel = made("whatsapp_cloud", "whatsapp", words, {"access_token": cloud.token})
    channel.send(message(values={"name": "Ana\tMaria", "amount": "R$ 10,00"}))
    channel.send(message("code", "Provedor: seu código é 482913. Vale por 10 minutos.", language="es"))
    debt, code = (body["template"] for body in cloud.taken)
    texts = [p["text"] for p in debt["components"][0]["parameters"]]
    assert texts == ["Ana Maria", "R$ 10,00", "Olá. Sua conta venceu."]
    body, button = code["components"]
    assert code["language"] == {"code": "es"} and body["parameters"][0]["text"] == "482913"
    assert (button["sub_type"], button["index"], button["parameters"][0]["text"]) == ("url", "0", "482913")
    missing = channel.send(message())
    assert missing.permanent and "name" in missing.error


@pytest.mark.parametrize(
    ("code", "status", "permanent", "seconds"),
    [
        (131056, 400, False, 120), (80007, 400, False, 600), (131016, 503, False, 120), (190, 401, True, None),
        (131049, 400, True, None), (132001, 404, True, None), (999999, 400, True, None),
    ],
)  # fmt: skip
def test_metas_codes_say_whether_to_try_again_and_when(cloud, code, status, permanent, seconds):
    cloud.faults.append(cloud_api.error(code, status=status))
    outcome = WhatsApp(cloud).channel.send(message())
    assert (outcome.permanent, outcome.retry_after) == (permanent, seconds)
    assert PHONE not in outcome.error


def test_a_wait_that_meta_asks_for_counts_before_our_own(cloud):
    cloud.faults.append(cloud_api.error(130429, status=429, retry_after=77))
    assert WhatsApp(cloud).channel.send(message()).retry_after == 77


@pytest.mark.parametrize(
    "answer",
    [
        cloud_api.Answer(500, b"<html>", "text/html"), cloud_api.Answer(200, b"{}"), cloud_api.Answer(200, b"[1]"),
        cloud_api.Answer(200, b'{"messages": [{"id": 5}]}'), cloud_api.Answer(504, b""),
    ],
)  # fmt: skip
def test_an_answer_that_says_nothing_leaves_the_outcome_unknown(cloud, answer):
    cloud.faults.append(answer)
    assert type(WhatsApp(cloud).channel.send(message())).__name__ == "Unknown"


def test_a_message_follows_no_redirect(cloud):
    elsewhere = cloud_api.Answer(307, headers=(("Location", f"{cloud.root}/elsewhere"),))
    cloud.faults.append(elsewhere)
    outcome = WhatsApp(cloud).channel.send(message())
    assert outcome.permanent and outcome.error == "HTTP 307" and cloud.taken == []


def test_a_template_says_what_a_gateway_gets_and_nothing_of_a_text_becomes_syntax(gateway):
    evil = '", "para": "1", "x": "\\u0000{{token}}'
    Sms(gateway).channel.send(message(text=evil))
    [asked] = gateway.taken
    assert asked == {"para": PHONE, "mensagem": evil, "ref": "7"}


def test_a_form_and_an_address_take_their_values_escaped(gateway):
    heard = []
    gateway_answer, gateway.answer = gateway.answer, lambda request: heard.append(request) or LOST
    try:
        words = {
            "url": f"{gateway.root}/send/{{{{to_local}}}}?key={{{{token}}}}&t={{{{text}}}}", "body_kind": "form",
            "body": "to={{to_plus}}\nmsg={{text}}\nname={{value_name}}\n", "headers": ["Authorization: Basic {{basic}}"],
            "user": "u",
        }  # fmt: skip
        channel = made("http_gateway", "sms", words, {"token": "a/b c", "password": "p"})
        channel.send(message(text="a&b=ç\r\nX: y", values={"name": "Zé & Cia"}))
    finally:
        gateway.answer = gateway_answer
    [request] = heard
    assert request.path == "/send/85988887777" and request.parameters == {
        "key": "a/b c",
        "t": "a&b=ç\r\nX: y",
    }
    assert request.body.decode() == "to=%2B5585988887777&msg=a%26b%3D%C3%A7%0D%0AX%3A+y&name=Z%C3%A9+%26+Cia"
    assert base64.b64decode(request.headers["authorization"].removeprefix("Basic ")) == b"u:p"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ({"url": "https://{{token}}.evil.test/"}, "host"), ({"url": "https://a.test/{{nome}}"}, "nome"),
        ({"url": "https://a.test/", "body": "{no json"}, "Expecting"), ({}, "address"),
        ({"url": "https://a.test/", "body_kind": "xml"}, "json, form, none"),
    ],
)  # fmt: skip
def test_a_gateway_that_could_send_nothing_cannot_be_made(words, why):
    with pytest.raises(ValueError, match=why):
        made("http_gateway", "sms", words)


def test_a_gateway_whose_own_status_speaks_of_now_may_be_asked_again_later(gateway):
    gateway.faults.append(cloud_api.Answer(429, b"", headers=(("Retry-After", "30"),)))
    outcome = Sms(gateway).channel.send(message())
    assert not outcome.permanent and outcome.retry_after == 30


def test_push_goes_to_push_services_alone(push_service):
    channel = made("web_push", "push", {"contact": "a@b.test"}, {"vapid_key": wiring.new_push_key()})
    for endpoint in (
        push_service.root, "https://127.0.0.1/x", "http://fcm.googleapis.com/x", "https://fcm.googleapis.com.evil.test/",
        "https://fcm.googleapis.com@evil.test/x", "https://fcm.googleapis.com:8443/x", "file:///etc/passwd",
    ):  # fmt: skip
        address = json.dumps(json.loads(push_service.subscription()) | {"endpoint": endpoint})
        outcome = channel.send(OutgoingMessage(1, "debt", "push", address, "a", "b", "pt-br"))
        assert outcome.permanent, endpoint
    assert push_service.read == []


def test_a_subscription_that_is_over_is_over_and_a_long_text_is_not_cut(push_service):
    side = Push(push_service)
    push_service.gone = True
    assert side.channel.send(OutgoingMessage(1, "x", "push", side.address, "a", "b", "pt-br")).permanent
    push_service.gone = False
    long = OutgoingMessage(1, "x", "push", side.address, "a", "ç" * 4000, "pt-br")
    assert side.channel.send(long).permanent and push_service.read == []


def test_the_example_of_rfc_8291_is_sealed_as_it_stands_there():
    from religa.adapters.web_push import keys, sealing

    sealed = sealing.seal(
        b"When I grow up, I want to be a watermelon",
        browser=keys.decoded(
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
        ),
        auth=keys.decoded("BTBZMqHH6r4Tts7J_aSIgg"),
        own=keys.loaded("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"),
        salt=keys.decoded("DGv6ra1nlYgDCS1FRnbzlw"),
    )
    assert keys.encoded(sealed) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3"
        "jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )
