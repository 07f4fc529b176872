"""Which Portuguese texts of the subscriber's pages have no English or Spanish, and which translations nobody uses.

    .venv/bin/python tools/translations.py            what is missing, as entries to paste into a .po file
    .venv/bin/python tools/translations.py --unused   what no template and no code says any more

Texts are taken from templates (`trans`, `blocktrans`, `_("...")`) and from calls of gettext's functions in code. No
gettext tools are needed.
"""

from __future__ import annotations

import argparse
import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polib

ENTRYPOINTS = Path(__file__).resolve().parents[1] / "src/religa/entrypoints"
DOORS = ("common", "block_page", "portal")
LANGUAGES = ("en", "es")
_CALLS = {
    "_": 1,
    "gettext": 1,
    "gettext_lazy": 1,
    "gettext_noop": 1,
    "ngettext": 2,
    "ngettext_lazy": 2,
    "pgettext": 2,
    "npgettext": 3,
}
_STRING = r"""u?("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
_IN_TEMPLATE = re.compile(
    rf"\b(_|gettext|ngettext|pgettext|npgettext)\({_STRING}(?:,\s*{_STRING})?(?:,\s*{_STRING})?"
)
_CONTEXT = {"pgettext", "npgettext"}


@dataclass(frozen=True, order=True)
class Text:
    """What stands in the source: `context` and `plural` are empty where there is none."""

    msgid: str
    plural: str = ""
    context: str = ""


def texts(door: str) -> set[Text]:
    """Everything that a door says by gettext."""
    folder = ENTRYPOINTS / door
    found = {text for file in folder.rglob("*.html") for text in in_template(file.read_text())}
    return found | {text for file in folder.rglob("*.py") for text in in_code(file.read_text())}


def in_template(source: str) -> Iterator[Text]:
    from django.utils.translation.template import templatize

    for name, *quoted in _IN_TEMPLATE.findall(templatize(source)):
        yield _text(name, [ast.literal_eval(q) for q in quoted if q])


def in_code(source: str) -> Iterator[Text]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and (name := _called(node.func)) in _CALLS:
            parts = [a.value for a in node.args[: _CALLS[name]] if isinstance(a, ast.Constant)]
            if parts:
                yield _text(name.removesuffix("_lazy").removesuffix("_noop"), parts)


def _called(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _text(name: str, parts: list[str]) -> Text:
    context = parts.pop(0) if name in _CONTEXT else ""
    plural = parts[1] if name in ("ngettext", "npgettext") and len(parts) > 1 else ""
    return Text(parts[0], plural, context)


def entries(door: str, language: str) -> dict[Text, polib.POEntry]:
    """A door's catalogue, of however many files."""
    files = sorted((ENTRYPOINTS / door / "locale" / language / "LC_MESSAGES").glob("*.po"))
    return {Text(e.msgid, e.msgid_plural, e.msgctxt or ""): e for f in files for e in polib.pofile(str(f))}


def missing(door: str, language: str) -> list[Text]:
    """Texts of a door that neither its own catalogue nor the common one says in a language."""
    said = {t for d in (door, "common") for t, e in entries(d, language).items() if e.translated()}
    return sorted(texts(door) - said)


def unused(door: str, language: str) -> list[Text]:
    """What a catalogue holds and its door does not say; the common one is for all doors."""
    sayers = DOORS if door == "common" else (door,)
    return sorted(set(entries(door, language)).difference(*(texts(one) for one in sayers)))


def said_twice(language: str) -> list[Text]:
    """Texts in more than one catalogue: the pages would say whichever was read last. Their place is the common one."""
    count = Counter(text for door in DOORS for text in entries(door, language))
    return sorted(text for text, times in count.items() if times > 1)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--unused", action="store_true")
    chosen = parser.parse_args()
    for door in DOORS:
        for language in LANGUAGES:
            found = (unused if chosen.unused else missing)(door, language)
            if found:
                print(f"# {door}/locale/{language}: {len(found)}")
            for text in found:
                print(_entry(text), end="\n\n")


def _entry(text: Text) -> str:
    entry = polib.POEntry(msgid=text.msgid, msgid_plural=text.plural, msgctxt=text.context or None, msgstr="")
    return str(entry.__unicode__(wrapwidth=0)).strip()


if __name__ == "__main__":
    main()
