from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from religa.entrypoints.common import filters
from religa.wording import Language, Moments


def test_phones_are_written_as_people_read_them():
    assert filters.phone("5581999010001") == "(81) 99901-0001"
    assert filters.phone("551133334444") == "(11) 3333-4444"
    assert filters.phone("0800 591 0000") == "0800 591 0000"
    assert filters.phone("351912345678") == "+351912345678"
    assert filters.phone("190") == "190"


def test_phones_are_dialled_from_anywhere_in_the_country():
    assert filters.dial("(81) 99901-0001") == "+5581999010001"
    assert filters.dial("0800 591 0000") == "08005910000"


def test_documents_and_clauses():
    assert filters.document("11144477735") == "111.444.777-35"
    assert filters.document("nobody") == "nobody"
    assert filters.sentence("há conta atrasada") == "Há conta atrasada."
    assert filters.sentence("já termina!") == "Já termina!"


def test_where_a_message_went_is_named_as_people_do():
    assert (filters.channel_name("sms"), filters.channel_name("pigeon")) == ("SMS", "pigeon")
    assert filters.address("5581999010001") == "(81) 99901-0001"
    assert filters.address("ana@example.org") == "ana@example.org"
    assert filters.address("") == ""


def test_a_due_day_is_said_with_its_weekday_whatever_the_zone():
    moments = Moments(
        language=Language.PT, zone=ZoneInfo("America/Recife"), now=datetime(2026, 12, 1, 12, tzinfo=UTC)
    )
    assert filters.due_words(date(2026, 12, 4), moments) == "na sexta-feira, 4 de dezembro"
