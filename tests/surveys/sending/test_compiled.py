"""Statements compiled once: their values by name, their literals, and how the server keeps them."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import BinaryField, IntegerField, Q, TextField, Value

from surveys.models import Campaign
from surveys.sending.compiled import Parameter, finished, select, update
from tests.world import make_campaign

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def is_on_postgresql() -> bool:
    return connection.vendor == "postgresql"


def test_values_have_one_number_each_on_postgresql_and_a_place_each_on_sqlite():
    statement = finished("SELECT <<second>>, <<first>>,\n  <<second>>, <<first>> + 1")

    if is_on_postgresql():
        assert statement.text == "SELECT $1, $2, $1, $2 + 1"
        assert statement.names == ("second", "first")
    else:
        assert statement.text == "SELECT ?, ?, ?, ? + 1"
        assert statement.names == ("second", "first", "second", "first")
    assert statement.run({"first": 7, "second": "b", "unused": 0}) == [("b", 7, "b", 8)]


def test_what_a_value_says_is_never_part_of_the_statement():
    hostile = "it's 100% <<first>> $1 ? %s; DROP TABLE surveys_slot"

    assert finished("SELECT <<second>>").run({"second": hostile}) == [(hostile,)]


def test_literals_of_a_queryset_come_back_as_they_were_given():
    campaign = make_campaign(name="it's 50% o''clock", questions=[])
    known = Campaign.objects.filter(name=campaign.name, pk=Parameter("id", IntegerField()))
    shown = known.annotate(
        text=Value("a 'quoted' %s", TextField()), number=Value(-7), yes=Value(True), no=Value(False)
    )
    statement = finished(select(shown.values_list("pk", "text", "number", "yes", "no")))

    assert statement.names == ("id",)
    assert statement.run({"id": campaign.pk}) == [(campaign.pk, "a 'quoted' %s", -7, True, False)]
    assert statement.run({"id": campaign.pk + 1}) == []


@pytest.mark.parametrize("value", [Value(1.5), Value(b"x", BinaryField())])
def test_literal_of_a_type_that_nobody_wrote_a_rule_for_is_refused(value):
    with pytest.raises(TypeError, match="is given at the run, as a Parameter"):
        select(Campaign.objects.annotate(value=value).values_list("value"))


def test_update_writes_what_it_is_given_where_it_is_told_and_returns_nothing():
    mine, other = make_campaign(), make_campaign()
    named = Campaign.objects.filter(Q(pk=Parameter("id", IntegerField())))
    statement = finished(update(named, state="paused", name=Parameter("name", TextField())))

    assert statement.run({"id": mine.pk, "name": "x"}) == []
    found = Campaign.objects.order_by("pk").values_list("state", "name")
    assert list(found) == [("paused", "x"), ("running", other.name)]


def test_faults_of_the_driver_are_raised_as_those_of_django():
    """What tries again knows them by these."""
    with pytest.raises(DatabaseError, match="nowhere"), transaction.atomic():
        finished("SELECT 1 FROM nowhere").run({})


def test_statement_still_runs_after_a_change_of_schema():
    statement = finished("SELECT id, name FROM example WHERE id = <<id>>")

    for columns in ("id bigint, name text", "spare text, name text, id bigint"):
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS example")
            cursor.execute(f"CREATE TEMPORARY TABLE example ({columns})")
            cursor.execute("INSERT INTO example (id, name) VALUES (7, 'seven')")
        assert statement.run({"id": 7}) == [(7, "seven")]
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE example ADD COLUMN added text")
            cursor.execute("CREATE INDEX example_id ON example (id)")
        assert statement.run({"id": 7}) == [(7, "seven")]
        assert statement.run({"id": 8}) == []


@pytest.mark.parametrize("is_pooled", [False, True])
def test_server_keeps_the_plan_but_where_a_pool_shares_its_sessions(monkeypatch, is_pooled):
    connection.ensure_connection()
    if not is_on_postgresql():
        assert finished("SELECT 1").run({}) == [(1,)]
        return
    monkeypatch.setattr(connection.connection, "prepare_threshold", None)
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", is_pooled)
    sql = f"SELECT 1 AS kept_unless_{is_pooled}".lower()

    assert finished(sql).run({}) == finished(sql).run({}) == [(1,)]

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement = %s", [sql])
        assert cursor.fetchone() == (0 if is_pooled else 1,)
