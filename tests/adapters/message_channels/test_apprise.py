"""The library apprise as a transport, with a stand-in for the library."""

from __future__ import annotations

import sys

import pytest

from religa.ports.messages import OutgoingMessage

from .making import PHONE, made


class Library:
    """In place of the library, which is no part of what every installation has: what it does was tried by hand."""

    def __init__(self, answer):
        self.answer, self.told = answer, []

    def Apprise(self):
        library = self

        class Notifier:
            def __init__(self):
                self.urls = []

            def add(self, url):
                self.urls += [url] if url.startswith("json://") else []
                return bool(self.urls)

            def __bool__(self):
                return bool(self.urls)

            def notify(self, *, title, body):
                library.told.append((self.urls[0], title, body))
                if isinstance(library.answer, Exception):
                    raise library.answer
                return library.answer

        return Notifier()


@pytest.mark.parametrize(
    ("answer", "outcome"), [(True, "Sent"), (False, "Unknown"), (RuntimeError("5585988887777"), "Unknown")]
)
def test_apprise_says_yes_or_nothing_that_can_be_relied_on(monkeypatch, answer, outcome):
    library = Library(answer)
    monkeypatch.setitem(sys.modules, "apprise", library)
    channel = made("apprise", "sms", {}, {"url": "json://gateway.test/?to={to}"})
    said = channel.send(OutgoingMessage(1, "debt", "sms", "5585&x=1", "Aviso", "Olá", "pt-br"))
    assert type(said).__name__ == outcome and PHONE not in repr(said)
    assert library.told == [("json://gateway.test/?to=5585%26x%3D1", "Aviso", "Olá")]


def test_without_the_library_or_with_an_address_that_it_does_not_know_there_is_no_channel(monkeypatch):
    monkeypatch.setitem(sys.modules, "apprise", Library(True))
    with pytest.raises(ValueError, match="does not know"):
        made("apprise", "sms", {}, {"url": "nonsense"})
    monkeypatch.setitem(sys.modules, "apprise", None)
    with pytest.raises(ValueError, match="not installed"):
        made("apprise", "sms", {}, {"url": "json://gateway.test"})
