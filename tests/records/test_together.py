"""Tables made together: those that name each other, too, and taken back the same way."""

import pytest
from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState

from religa.records.together import CreateTogether

NUMBER = ("id", models.BigAutoField(primary_key=True))


def _key(to: str) -> models.ForeignKey:
    return models.ForeignKey(to, on_delete=models.PROTECT, null=True, related_name="+")


@pytest.mark.django_db(transaction=True)
def test_tables_that_name_each_other_are_made_and_dropped() -> None:
    hen = migrations.CreateModel("Hen", [NUMBER, ("of", _key("records.Egg"))], {"db_table": "hen"})
    egg = migrations.CreateModel("Egg", [NUMBER, ("by", _key("records.Hen"))], {"db_table": "egg"})
    operation = CreateTogether(models=[hen, egg])
    before, after = ProjectState(), ProjectState()
    operation.state_forwards("records", after)

    with connection.schema_editor() as editor:
        operation.database_forwards("records", editor, before, after)
    assert _keys() == {("hen", "egg"), ("egg", "hen")}

    with connection.schema_editor() as editor:
        operation.database_backwards("records", editor, after, before)
    assert not {"hen", "egg"} & set(connection.introspection.table_names())


def test_a_state_that_was_rendered_learns_of_the_new_models() -> None:
    state = ProjectState()
    assert not state.apps.get_models()  # rendered
    CreateTogether(models=[migrations.CreateModel("Hen", [NUMBER])]).state_forwards("records", state)
    assert [model.__name__ for model in state.apps.get_models()] == ["Hen"]


def _keys() -> set[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint"
            " WHERE contype = 'f' AND conrelid IN ('hen'::regclass, 'egg'::regclass)"
        )
        return set(cursor.fetchall())
