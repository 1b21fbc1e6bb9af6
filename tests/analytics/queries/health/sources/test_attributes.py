from __future__ import annotations

import numpy as np
import pytest

from analytics.domain.health.formulas.formula import Measure
from analytics.domain.health.formulas.sources import Source, SourceKind
from analytics.queries.health.sources.attributes import attribute
from analytics.queries.health.sources.places import Customers
from tests.analytics import world

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_only_numbers_are_numbers() -> None:
    texts = ["12.5", "１，０００", "many", ""]
    pks = [world.make_customer(users=text).pk for text in texts]
    pks.append(world.make_customer().pk)
    source = Source(SourceKind.ATTRIBUTE, "users")

    found = attribute(source, Customers(np.array(pks), 0, 100, 0))

    values = found.on(50, Measure("m", "g", source, 1.0)).tolist()
    assert values[:2] == [12.5, 1000]
    assert np.isnan(values[2:]).all()
