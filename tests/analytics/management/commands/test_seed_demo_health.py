from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from analytics.models import HealthFormula

pytestmark = pytest.mark.django_db


def test_customers_that_are_not_of_the_demo_get_no_formula_of_it() -> None:
    with pytest.raises(CommandError, match="holds no demo world"):
        call_command("seed_demo_health")

    assert not HealthFormula.objects.exists()
