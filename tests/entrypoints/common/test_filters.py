from religa.entrypoints.common import filters


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
