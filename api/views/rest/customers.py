"""Customers and their respondents."""

from __future__ import annotations

from typing import Annotated, Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from ninja import Body, Path, Router
from ninja import Query as In
from pydantic import Field

from accounts.domain.access.roles import Permission
from accounts.domain.imports.file_columns import FileKind
from accounts.domain.mail_key import mail_key
from accounts.models import Customer, Respondent
from api.domain.values import storable
from api.views.rest.bringing import bring
from api.views.rest.shapes import answers
from api.views.rest.shapes.rows import (
    CustomerFields,
    CustomerId,
    CustomerRow,
    OneCustomer,
    RespondentRow,
)
from api.web.rest.bulk import Skips, brought
from api.web.rest.cursors import page, settled_since
from api.web.rest.fields import Id, Moment, Paged, Text
from api.web.rest.keys import Call, needs

router = Router(tags=["customers"])


class Changed(Paged):
    updated_since: Annotated[
        Moment | None,
        Field(description="Only what changed at or after it, or up to ten minutes before."),
    ] = None


class Whom(Changed):
    customer_id: OneCustomer = ""
    email: Annotated[
        Text, Field(max_length=254, description="Only of the person of this mailbox.")
    ] = ""


@router.get(
    "/customers",
    response=answers.Customers,
    operation_id="list_customers",
    summary="Customers, in the order in which they came",
    **needs(Permission.VIEW_PEOPLE),
)
def list_customers(request: Call, query: In[Changed]) -> Any:
    rows = Customer.objects.all()
    if query.updated_since:
        rows = rows.filter(updated_at__gte=settled_since(query.updated_since))
    return page(rows, query, shape=customer_shape)


bring(
    router,
    FileKind.CUSTOMERS,
    CustomerRow,
    "Make or change many customers",
    "All go in, or none and the errors say why. A field that is left out is kept, null empties it.",
)


@router.get(
    "/customers/{path:customer_id}",
    response=answers.Customer,
    operation_id="get_customer",
    summary="One customer",
    **needs(Permission.VIEW_PEOPLE),
)
def get_customer(request: Call, customer_id: Path[CustomerId]) -> Any:
    return customer_shape(_customer(customer_id))


@router.put(
    "/customers/{path:customer_id}",
    response=answers.Customer,
    operation_id="put_customer",
    summary="Make or change one customer",
    description="A field that is left out is kept, null empties it.",
    **needs(Permission.IMPORT_DATA),
)
def put_customer(request: Call, customer_id: Path[CustomerId], given: Body[CustomerFields]) -> Any:
    row = CustomerRow(customer_id=customer_id, **given.model_dump(exclude_unset=True))
    brought(request, FileKind.CUSTOMERS, [row], Skips())
    return customer_shape(_customer(customer_id))


@router.get(
    "/respondents",
    response=answers.Respondents,
    operation_id="list_respondents",
    summary="Respondents, in the order in which they came",
    **needs(Permission.VIEW_PEOPLE),
)
def list_respondents(request: Call, query: In[Whom]) -> Any:
    rows = _respondents()
    if query.updated_since:
        rows = rows.filter(updated_at__gte=settled_since(query.updated_since))
    if query.customer_id:
        rows = rows.filter(customer__customer_id=query.customer_id)
    if query.email:
        rows = rows.filter(person__mail_key=mail_key(query.email))
    return page(rows, query, shape=respondent_shape)


bring(
    router,
    FileKind.RESPONDENTS,
    RespondentRow,
    "Make or change many respondents",
    "Known by address and customer; the customer must be known.",
)


@router.get(
    "/respondents/{id}",
    response=answers.Respondent,
    operation_id="get_respondent",
    summary="One respondent",
    **needs(Permission.VIEW_PEOPLE),
)
def get_respondent(request: Call, id: Path[Id]) -> Any:
    return respondent_shape(get_object_or_404(_respondents(), pk=id))


def _respondents() -> QuerySet[Respondent]:
    """But for those who were erased."""
    return Respondent.objects.exclude(email="").select_related("customer")


def customer_shape(row: Customer) -> dict[str, Any]:
    return {name: getattr(row, name) for name in answers.Customer.model_fields}


def respondent_shape(row: Respondent) -> dict[str, Any]:
    customer = row.customer.customer_id if row.customer else None
    names = answers.Respondent.model_fields
    return {name: customer if name == "customer_id" else getattr(row, name) for name in names}


def _customer(customer_id: str) -> Customer:
    return get_object_or_404(Customer, customer_id=storable(customer_id))
