"""`religa staff`: who may log in to the console, and as what."""

from __future__ import annotations

import sys
from collections.abc import Callable

import click
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation

from religa.entrypoints.commands.whose import provider_named
from religa.records.models import Provider, StaffMember
from religa.records.models.providers import ROLES

_REMOVED = "{0} was removed; religa staff restore {0} lets the person in again."
_password_stdin = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input instead of asking for it."
)


@click.group()
def staff() -> None:
    """Who may log in to the console (/console/), and as what."""


@staff.command()
@click.argument("login")
@click.option("--role", type=click.Choice(ROLES), default="manager", show_default=True)
@click.option("--name", default="", help="As the history shows it; the log-in if not given.")
@click.option(
    "--provider", "cnpj", metavar="CNPJ", help="Whose staff, where the database holds several providers."
)
@_password_stdin
def add(login: str, role: str, name: str, cnpj: str | None, password_stdin: bool) -> None:
    """Make a log-in of the console.

    \b
    Everybody reads everything of the provider. Besides,
      agent    unlocks on trust and holds blocks back
      finance  the same, records payments, stops all blocks
      network  approves held runs, stops and resumes all blocks
      manager  all of it
    """
    of = provider_named(cnpj)
    _check(lambda: get_user_model()(username=login, first_name=name).clean_fields(exclude=["password"]))
    if (known := get_user_model().objects.filter(username=login).first()) is not None:
        removed = "" if known.is_active else f" {_REMOVED.format(login)}"
        raise click.ClickException(f"There is a log-in {login!r} already.{removed}")
    add_member(of, login, role=role, name=name, password=_password(password_stdin))
    click.echo(f"{login} may log in to the console of {of.name} as {role}.")


@staff.command()
@click.argument("login")
@_password_stdin
def password(login: str, password_stdin: bool) -> None:
    """Give LOGIN another password; open sessions end."""
    user = _member(login).user
    if not user.is_active:
        raise click.ClickException(_REMOVED.format(login))
    _set_password(user, password_stdin)
    click.echo(f"{login} has another password.")


@staff.command()
@click.argument("login")
@click.argument("role", type=click.Choice(ROLES))
def role(login: str, role: str) -> None:
    """Let LOGIN do what ROLE may, from the next page on."""
    member = _member(login)
    member.role = role
    member.save(update_fields=["role"])
    click.echo(f"{login} is {role} now.")


@staff.command()
@click.argument("login")
def remove(login: str) -> None:
    """Shut LOGIN out: no log-in any more, and open sessions end.

    The name stays with what the person did, so it is given to nobody else.
    """
    user = _member(login).user
    user.is_active = False
    user.set_unusable_password()
    user.save(update_fields=["is_active", "password"])
    click.echo(f"{login} may not log in any more.")


@staff.command()
@click.argument("login")
@_password_stdin
def restore(login: str, password_stdin: bool) -> None:
    """Let a removed LOGIN in again, with a new password."""
    user = _member(login).user
    if user.is_active:
        raise click.ClickException(f"{login!r} was not removed.")
    user.is_active = True
    _set_password(user, password_stdin)
    click.echo(f"{login} may log in again.")


@staff.command("list")
def list_staff() -> None:
    """Every log-in, with its role."""
    members = StaffMember.objects.select_related("user", "provider").order_by("user__username")
    for member in members:
        user = member.user
        removed = "" if user.is_active else "  removed"
        click.echo(
            f"{user.get_username():<20} {member.role:<8} {user.get_full_name()}  ({member.provider.name}){removed}"
        )
    if not members:
        click.echo("Nobody may log in yet: religa staff add LOGIN")


def add_member(of: Provider, login: str, *, role: str, name: str, password: str) -> StaffMember:
    """A person of the staff, who logs in with `password`."""
    with transaction.atomic():
        user = get_user_model().objects.create_user(login, password=password, first_name=name)
        return StaffMember.objects.create(user=user, provider=of, role=role)


def _member(login: str) -> StaffMember:
    found = StaffMember.objects.select_related("user").filter(user__username=login).first()
    if found is None:
        raise click.ClickException(f"There is no log-in {login!r}.")
    return found


def _set_password(user: AbstractBaseUser, from_stdin: bool) -> None:
    """Another password ends every session: Django's sessions hold a hash of it."""
    user.set_password(_password(from_stdin))
    user.save(update_fields=["is_active", "password"])


def _password(from_stdin: bool) -> str:
    if from_stdin:
        given = sys.stdin.readline().rstrip("\r\n")
    else:
        given = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    _check(lambda: validate_password(given))
    return str(given)


def _check(validate: Callable[[], None]) -> None:
    """Django's words for what is wrong, in the language of the commands."""
    with translation.override("en"):
        try:
            return validate()
        except ValidationError as problem:
            wrong = " ".join(problem.messages)
    raise click.ClickException(wrong)
