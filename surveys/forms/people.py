from __future__ import annotations

from crispy_forms.helper import FormHelper
from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.domain.mail_key import mail_key
from accounts.forms.owners import my_accounts_field
from accounts.models import Person
from accounts.services.people import find_persons


class RespondentFilterForm(forms.Form):
    mine = my_accounts_field()
    q = forms.CharField(
        label=_("Name or e-mail"), required=False, max_length=200, widget=forms.SearchInput
    )
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("all")), *settings.LANGUAGES]
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("all")), ("mailed", _("can be e-mailed")), ("stopped", _("suppressed"))],
    )
    customer = forms.CharField(label=_("Customer id"), required=False, max_length=200)
    sort = forms.CharField(required=False, widget=forms.HiddenInput)


class MergeForm(forms.Form):
    """The address of another person who is the same human being as `person`."""

    email = forms.CharField(
        label=_("Their other e-mail address"),
        max_length=320,
        help_text=_("The person with that address and this one become one."),
    )

    def __init__(self, *args: object, person: Person, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.person = person
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def clean_email(self) -> Person:
        email = self.cleaned_data["email"]
        key = mail_key(email)
        found = find_persons([key]).get(key)
        if found is None:
            text = gettext("Nobody has the address %(email)s.") % {"email": email}
            raise forms.ValidationError(text)
        if found == self.person.pk:
            raise forms.ValidationError(gettext("That is this person's own address."))
        return Person.objects.get(pk=found)
