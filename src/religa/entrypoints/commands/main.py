"""The `religa` command. Each sub-command is a module of this folder, found by its name and loaded late.

To add one: write ``entrypoints/commands/NAME.py`` (or a folder) that holds ``@click.command("NAME")`` or a
group of that name; a trailing underscore in the file name is dropped (``import_.py`` is ``import``).
Django is set up before the module is imported; the database answers when the command's body runs.
"""

import functools
import importlib
import pkgutil
from pathlib import Path
from typing import Any

import click

from religa.entrypoints.commands import database

# These arrange their own database, or need none.
ON_THEIR_OWN = frozenset(
    {"run", "journey", "scenario", "db", "survival", "amount", "cnab", "fake-psp", "dossier"}
)


class Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(name for name in _modules() if self.get_command(ctx, name))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module_name = _modules().get(cmd_name)
        if module_name is None:
            return None
        if cmd_name != "run":  # it starts what Django would talk to
            database.set_up_django()
        found = _named(importlib.import_module(module_name), cmd_name)
        return found if found is None or cmd_name in ON_THEIR_OWN else _with_database(found)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name=None, version="0.1.0", prog_name="religa")
def main() -> None:
    """The whole life of a late invoice on the real network.

    Without DATABASE_URL the commands use PostgreSQL in .religa/ (see RELIGA_HOME), and start it if it
    is not running.
    """


def exists(name: str) -> bool:
    """Whether there is a sub-command of this name."""
    return name in _modules()


def _modules() -> dict[str, str]:
    """Name on the command line -> module, for every module that may hold a command."""
    found = pkgutil.iter_modules([str(Path(__file__).parent)])
    return {
        m.name.rstrip("_").replace("_", "-"): f"{__package__}.{m.name}" for m in found if m.name != "main"
    }


def _named(module: Any, name: str) -> click.Command | None:
    commands = (value for value in vars(module).values() if isinstance(value, click.Command))
    return next((command for command in commands if command.name == name), None)


def _with_database(command: click.Command) -> click.Command:
    """`command`, whose body finds a database that answers; of a group every sub-command's, so that none needs one to
    show its help."""
    if isinstance(command, click.Group):
        for sub in command.commands.values():
            _with_database(sub)
        return command
    body = command.callback

    @functools.wraps(body or (lambda: None))
    def with_database(*arguments: Any, **options: Any) -> Any:
        try:
            click.get_current_context().with_resource(database.provided())
        except RuntimeError as problem:  # no programs, no port, not prepared: words, not a traceback
            raise click.ClickException(str(problem)) from problem
        return body(*arguments, **options) if body else None

    if body is None or not getattr(body, "has_database", False):
        with_database.has_database = True  # type: ignore[attr-defined]
        command.callback = with_database
    return command


if __name__ == "__main__":
    main(prog_name="religa")
