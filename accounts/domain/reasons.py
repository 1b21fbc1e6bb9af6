"""Why an address, a column or a cell was refused, as a code that can be put into any language."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ReasonCode(StrEnum):
    ADDRESS_MISSING = "address_missing"
    ADDRESS_NO_AT = "address_no_at"
    ADDRESS_DOTS = "address_dots"
    ADDRESS_DOTS_CARRIER = "address_dots_carrier"
    ADDRESS_NOT_ASCII = "address_not_ascii"
    ADDRESS_INVALID = "address_invalid"
    COLUMN_MISSING = "column_missing"
    COLUMN_TWICE = "column_twice"
    COLUMN_UNNAMED = "column_unnamed"
    COLUMNS_TOO_MANY = "columns_too_many"
    COLUMN_NOT_THERE = "column_not_there"
    COLUMN_NAME = "column_name"
    EMPTY = "empty"
    TOO_LONG = "too_long"
    CONTROL_CHARACTER = "control_character"
    CELL_ERROR = "cell_error"
    CELL_MERGED = "cell_merged"
    ID_SHORTENED = "id_shortened"
    ID_ZEROS = "id_zeros"
    DATE = "date"
    DATE_ORDER = "date_order"
    END_UNDATED = "end_undated"
    DATE_FUTURE = "date_future"
    MOMENT = "moment"
    MOMENT_FUTURE = "moment_future"
    MONTH = "month"
    AMOUNT = "amount"
    AMOUNT_SEPARATOR = "amount_separator"
    AMOUNT_NEGATIVE = "amount_negative"
    AMOUNT_TOO_LARGE = "amount_too_large"
    NUMBER = "number"
    COUNT = "count"
    CURRENCY = "currency"
    RATE = "rate"
    SCORE = "score"
    LANGUAGE = "language"
    TIME_ZONE = "time_zone"
    CHURNED_BEFORE_STARTED = "churned_before_started"
    INVITED_AFTER_ANSWERED = "invited_after_answered"
    ROW_SHORT = "row_short"
    ROW_TWICE = "row_twice"
    ROW_TOTAL = "row_total"
    CUSTOMER_UNKNOWN = "customer_unknown"
    CUSTOMER_ZEROS = "customer_zeros"
    RESPONDENT_UNKNOWN = "respondent_unknown"
    CUSTOMER_AMBIGUOUS = "customer_ambiguous"
    PERSON_ERASED = "person_erased"
    CUSTOMER_KNOWN = "customer_known"
    RESPONDENT_KNOWN = "respondent_known"
    ADDRESS_TAKEN = "address_taken"
    RESPONSE_ELSEWHERE = "response_elsewhere"
    RESPONSE_MOVED = "response_moved"
    RESPONSE_OURS = "response_ours"
    FILE_EMPTY = "file_empty"
    FILE_OTHER_KIND = "file_other_kind"
    FILE_TYPE = "file_type"
    FILE_OLD_OFFICE = "file_old_office"
    FILE_ENCODING = "file_encoding"
    FILE_QUOTES = "file_quotes"
    FILE_DAMAGED = "file_damaged"
    FILE_UNPACKED_TOO_LARGE = "file_unpacked_too_large"
    FILE_TOO_MUCH = "file_too_much"
    FILE_TOO_MANY_ROWS = "file_too_many_rows"
    FILE_TOO_WIDE = "file_too_wide"
    IMPORT_NEVER_ENDS = "import_never_ends"
    FETCH_ADDRESS = "fetch_address"
    FETCH_PRIVATE = "fetch_private"
    FETCH_UNREACHABLE = "fetch_unreachable"
    FETCH_LOGIN = "fetch_login"
    FETCH_MISSING = "fetch_missing"
    FETCH_STATUS = "fetch_status"
    FETCH_TOO_LARGE = "fetch_too_large"
    FETCH_HOST_KEY = "fetch_host_key"
    FETCH_SEALED = "fetch_sealed"
    UNDO_CHANGED = "undo_changed"
    UNDO_CONFLICT = "undo_conflict"
    UNDO_FORGOTTEN = "undo_forgotten"
    UNDO_KIND = "undo_kind"
    UNDO_NOT_LAST = "undo_not_last"
    UNDO_RUNNING = "undo_running"
    UNDO_USED = "undo_used"
    CONDITION = "condition"
    BAND_THRESHOLDS = "band_thresholds"
    BAND_LABELS = "band_labels"
    BANDS_NEEDED = "bands_needed"


def _(text: str) -> str:
    """Marks a text for the translation files; `domain` itself speaks English."""
    return text


# English source texts; the pages translate the text first and fill the parameters after.
TEXTS: dict[ReasonCode, str] = {
    ReasonCode.ADDRESS_MISSING: _("the e-mail address is empty"),
    ReasonCode.ADDRESS_NO_AT: _("'%(value)s' is not an e-mail address: it has no @"),
    ReasonCode.ADDRESS_DOTS: _(
        "'%(value)s' cannot receive e-mail: the part before the @ must not begin or end with a "
        "dot or have two dots in a row"
    ),
    ReasonCode.ADDRESS_DOTS_CARRIER: _(
        "'%(value)s' cannot receive e-mail: docomo and au allowed doubled or trailing dots before "
        "2009, but mail servers refuse them; ask the person for another address"
    ),
    ReasonCode.ADDRESS_NOT_ASCII: _(
        "'%(value)s' cannot receive e-mail: the part before the @ may only have unaccented "
        "letters, digits and common signs"
    ),
    ReasonCode.ADDRESS_INVALID: _("'%(value)s' is not an e-mail address: %(detail)s"),
    ReasonCode.COLUMN_MISSING: _(
        "missing required column; the file has %(found)s: say which of them it is"
    ),
    ReasonCode.COLUMN_TWICE: _("the column appears twice in the first row"),
    ReasonCode.COLUMNS_TOO_MANY: _(
        "the file has %(count)s columns beyond the known ones and at most %(limit)s can be kept; "
        "remove those you do not need"
    ),
    ReasonCode.COLUMN_NOT_THERE: _("no column of the file is called %(value)s; it has %(found)s"),
    ReasonCode.COLUMN_UNNAMED: _(
        "column %(number)s has values but no name in the first row; name it or remove it"
    ),
    ReasonCode.COLUMN_NAME: _(
        "'%(value)s' cannot be a column name: begin with a letter and use at most 50 letters, "
        "digits or underscores"
    ),
    ReasonCode.EMPTY: _("is empty; a value is required"),
    ReasonCode.TOO_LONG: _("has %(length)s characters; at most %(limit)s are allowed"),
    ReasonCode.CONTROL_CHARACTER: _("has a line break or control character; remove it"),
    ReasonCode.CELL_ERROR: _(
        "the cell holds an error instead of a value (%(value)s); correct it, or empty it"
    ),
    ReasonCode.CELL_MERGED: _(
        "the cell lies under a merged one and has no value of its own; undo the merge and fill in "
        "each row"
    ),
    ReasonCode.ID_SHORTENED: _(
        "'%(value)s' is a number that a spreadsheet has shortened; make the column text and write "
        "the id in full"
    ),
    ReasonCode.ID_ZEROS: _(
        "'%(value)s' differs from the customer '%(known)s' by leading zeros only, which "
        "spreadsheets take away; write the id as it is known"
    ),
    ReasonCode.DATE: _("'%(value)s' is not a date; write it as YYYY-MM-DD, such as 2026-10-31"),
    ReasonCode.DATE_ORDER: _(
        "'%(value)s' can be read in two ways; write the year first, such as 2026-10-31"
    ),
    ReasonCode.END_UNDATED: _(
        "'%(value)s' says that they left but not when; write the day, such as 2026-10-31"
    ),
    ReasonCode.DATE_FUTURE: _("'%(value)s' is in the future; nothing can be known of it yet"),
    ReasonCode.MOMENT: _(
        "'%(value)s' is not a date or time; write YYYY-MM-DD or YYYY-MM-DDTHH:MM:SS, "
        "with +09:00 or Z where the time zone matters"
    ),
    ReasonCode.MOMENT_FUTURE: _("'%(value)s' is in the future"),
    ReasonCode.MONTH: _("'%(value)s' is not a month; write it as YYYY-MM, such as 2026-10"),
    ReasonCode.AMOUNT: _("'%(value)s' is not an amount; write digits only, such as 1234.50"),
    ReasonCode.AMOUNT_SEPARATOR: _(
        "'%(value)s' has a thousands separator or a decimal comma; write 1234.50"
    ),
    ReasonCode.AMOUNT_NEGATIVE: _("'%(value)s' is below 0; an amount must be 0 or more"),
    ReasonCode.AMOUNT_TOO_LARGE: _("'%(value)s' is too large; it must be below %(limit)s"),
    ReasonCode.NUMBER: _("'%(value)s' is not a number; write digits only, such as -12.5"),
    ReasonCode.COUNT: _("'%(value)s' is not a whole number from 0 on; write digits only"),
    ReasonCode.CURRENCY: _("'%(value)s' is not a currency code; write three letters, such as JPY"),
    ReasonCode.RATE: _("'%(value)s' is not a rate; write a number above 0, such as 155.20"),
    ReasonCode.SCORE: _("'%(value)s' is not a score; write a whole number from 0 to 10"),
    ReasonCode.LANGUAGE: _("'%(value)s' is not a language that Koe supports; write ja or en"),
    ReasonCode.TIME_ZONE: _("'%(value)s' is not a time zone; write a name such as Asia/Tokyo"),
    ReasonCode.CHURNED_BEFORE_STARTED: _("%(churned_on)s is before started_on (%(started_on)s)"),
    ReasonCode.INVITED_AFTER_ANSWERED: _(
        "is after answered_at; nobody can answer before being asked"
    ),
    ReasonCode.ROW_SHORT: _(
        "the row has %(cells)s cells but the first row names %(columns)s columns; "
        "a separator or a closing quote is missing"
    ),
    ReasonCode.ROW_TWICE: _("line %(line)s has the same key with other values; keep one of them"),
    ReasonCode.ROW_TOTAL: _("'%(value)s' looks like a row of totals; remove it"),
    ReasonCode.CUSTOMER_UNKNOWN: _("no customer %(value)s; import customers first"),
    ReasonCode.CUSTOMER_ZEROS: _(
        "no customer %(value)s, but '%(known)s': spreadsheets take leading zeros away; write the "
        "id as it is known"
    ),
    ReasonCode.RESPONDENT_UNKNOWN: _(
        "%(value)s is no respondent of this customer; import respondents first, or leave the "
        "address out"
    ),
    ReasonCode.CUSTOMER_AMBIGUOUS: _(
        "this person is a respondent at several customers (%(customers)s); name one"
    ),
    ReasonCode.PERSON_ERASED: _(
        "this person asked to be erased and cannot be imported again; remove the row"
    ),
    ReasonCode.CUSTOMER_KNOWN: _("there is a customer %(value)s already; correct that one"),
    ReasonCode.RESPONDENT_KNOWN: _(
        "%(value)s is a respondent of this customer already; correct that one"
    ),
    ReasonCode.ADDRESS_TAKEN: _(
        "%(value)s is the address of somebody else here; where the two are one person, an admin "
        "can merge them"
    ),
    ReasonCode.RESPONSE_ELSEWHERE: _(
        "response %(value)s was imported before for another person, customer or campaign; "
        "give this one an id of its own"
    ),
    ReasonCode.RESPONSE_OURS: _(
        "response %(value)s was given to Koe itself and no file changes it; remove the row, or "
        "restore its score and comment"
    ),
    ReasonCode.RESPONSE_MOVED: _(
        "response %(value)s was imported before as of %(before)s; the time of a response cannot "
        "change"
    ),
    ReasonCode.FILE_EMPTY: _("the file is empty; its first row must name the columns"),
    ReasonCode.FILE_OTHER_KIND: _(
        "the columns are those of a file of %(kind)s; import it as such, or say what they mean"
    ),
    ReasonCode.FILE_TYPE: _("the file is neither CSV nor XLSX; save it as one of the two"),
    ReasonCode.FILE_OLD_OFFICE: _(
        "the file is an old .xls workbook or has a password; save it as .xlsx without password"
    ),
    ReasonCode.FILE_ENCODING: _(
        "line %(line)s has signs that are neither UTF-8 nor Japanese (CP932, EUC-JP); correct "
        "that line, or save the file as CSV in UTF-8"
    ),
    ReasonCode.FILE_QUOTES: _(
        "the row that begins on line %(line)s has a quote that is not closed, or text after one"
    ),
    ReasonCode.FILE_DAMAGED: _("the workbook is damaged and cannot be opened; save it again"),
    ReasonCode.FILE_UNPACKED_TOO_LARGE: _(
        "the workbook is larger than %(limit)s MB when unpacked; save the sheet as CSV"
    ),
    ReasonCode.FILE_TOO_MUCH: _(
        "the workbook needs too much memory or time to read; save the sheet as CSV"
    ),
    ReasonCode.FILE_TOO_MANY_ROWS: _("the file has more than %(limit)s rows; split it"),
    ReasonCode.FILE_TOO_WIDE: _(
        "line %(line)s has %(count)s columns and at most %(limit)s are read; leave out what you "
        "will not look at, and check that its separators are those of the other lines"
    ),
    ReasonCode.IMPORT_NEVER_ENDS: _(
        "its worker was lost %(times)s times while it read this file; split the file, or ask "
        "whoever runs Koe to look into the log of the worker"
    ),
    ReasonCode.FETCH_ADDRESS: _("nothing is fetched from this address; see how to write it"),
    ReasonCode.FETCH_PRIVATE: _(
        "the address leads into a private network, where nothing is fetched from; whoever runs "
        "Koe can allow it"
    ),
    ReasonCode.FETCH_UNREACHABLE: _("the file did not come (%(detail)s)"),
    ReasonCode.FETCH_LOGIN: _(
        "the server refuses the log-in, or the account may not read the file"
    ),
    ReasonCode.FETCH_MISSING: _("the server has no file under this address"),
    ReasonCode.FETCH_STATUS: _("the server answered %(status)s instead of the file"),
    ReasonCode.FETCH_TOO_LARGE: _("the file is larger than %(limit)s MB; split it"),
    ReasonCode.FETCH_HOST_KEY: _(
        "the server shows the key %(value)s, which is not the one that was entered; ask whoever "
        "runs it before you enter this one"
    ),
    ReasonCode.FETCH_SEALED: _(
        "address and password cannot be read any more, because SECRET_KEY changed; enter them again"
    ),
    ReasonCode.UNDO_CHANGED: _("%(what)s %(row)s was changed after this import"),
    ReasonCode.UNDO_CONFLICT: _("something that came later stands where it was before"),
    ReasonCode.UNDO_FORGOTTEN: _(
        "the record that it takes is no longer kept: it is deleted after 30 days, or when someone "
        "in it is erased"
    ),
    ReasonCode.UNDO_KIND: _(
        "imports of usage and of responses stay: their sums and slots are counted from them at once"
    ),
    ReasonCode.UNDO_NOT_LAST: _(
        "a later import of the same kind changed something; take that one back first"
    ),
    ReasonCode.UNDO_RUNNING: _("another import of the same kind is running; wait until it is done"),
    ReasonCode.UNDO_USED: _("%(what)s %(row)s is used since, by: %(by)s"),
    ReasonCode.CONDITION: _("'%(value)s' is not a condition; write DIMENSION=VALUE"),
    ReasonCode.BAND_THRESHOLDS: _(
        "the thresholds must be given in ascending order, each only once"
    ),
    ReasonCode.BAND_LABELS: _(
        "%(thresholds)s thresholds make %(bands)s bands; give that many labels, all different"
    ),
    ReasonCode.BANDS_NEEDED: _(
        "numbers that differ from customer to customer need bands; write at least one threshold"
    ),
}


@dataclass(frozen=True, slots=True)
class Reason:
    code: ReasonCode
    params: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return TEXTS[self.code] % dict(self.params)


def reason(code: ReasonCode, **params: object) -> Reason:
    return Reason(code, tuple((name, str(value)) for name, value in params.items()))


class Refused(ValueError):
    """Input that cannot be taken, with the reason to show to whoever gave it."""

    def __init__(self, why: Reason) -> None:
        super().__init__(str(why))
        self.reason = why
