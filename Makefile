# The first Python that is new enough makes .venv; everything else runs in it.
PYTHON := $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)
SETUP := $(if $(PYTHON),$(PYTHON) -m local.setup,echo "Koe needs Python 3.11 or newer and found none. On Debian 12, Ubuntu 24.04 or later: sudo apt-get install python3 python3-venv" >&2; exit 1;)
DEV := @$(SETUP) requirements-dev.txt &&
PY := .venv/bin/python
GETTEXT := { command -v msgfmt >/dev/null || $(PY) -m local.apt gettext; }
# Compiled once, where the environment would not keep it.
PYTEST := exec env PYTHONDONTWRITEBYTECODE= $(PY) -m pytest -n auto
CHECKS := format lint templates types migrations translations deployment deploy bom audit
# Elsewhere than where anything is kept, with a key that no text holds.
PRODUCTION := DEBUG=False SITE_URL=https://koe.example.com BEHIND_PROXY=True EMAIL_URL=smtp+tls://mail.example.com:587 \
  DEFAULT_FROM_EMAIL=survey@example.com ORGANISATION_NAME=Example ORGANISATION_ADDRESS="2-1 Chiyoda, Tokyo" TIME_ZONE=Asia/Tokyo
RANDOM_KEY = $$($(PY) -c 'import secrets; print(secrets.token_urlsafe(50))')
# E-mails need inline styles and no meta tags; the rest of the lint is about taste.
LENIENT := --ignore H006,H030,H031,T003 --exclude emails
UV = $(or $(shell command -v uv),var/uv/bin/uv)
COMPILE = $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header pyproject.toml $(ARGS)

.DEFAULT_GOAL := help
.PHONY: help run test faults screenshots fmt check bench coverage-of-intervals messages lock backup restore $(CHECKS)

help:
	@echo "make run       set up everything and start Koe on http://127.0.0.1:8000 (PORT=8010 make run)"
	@echo "make test      set up everything and run every test (make test ARGS='-k inbox')"
	@echo "make faults    kill, stop and cut off what sends; SEEDS=10 SENDS=10000 for a long run, FORMS=1000 for a short one"
	@echo "make backup    keep all that Koe knows in one file, under var/backups (OUT=FILE names another)"
	@echo "make restore FILE   put a backup back and prove it; OVERWRITE=yes where the database is not empty"
	@echo "make fmt       format the code, repair what the linter can repair by itself"
	@echo "make check     format, lint, types, migrations, translations, deployment, bill of materials, audit"
	@echo "make bench     measure the speed targets and write benchmarks/results.json"
	@echo "make coverage-of-intervals   what the intervals hold on simulated worlds, into docs/statistics.md"
	@echo "make screenshots   take the pictures of the documents anew, in both languages"
	@echo "make messages  collect the texts to translate and compile the catalogues"
	@echo "make lock      pin the newest versions that fit pyproject.toml (ARGS=--upgrade takes newer ones)"

run:
	@$(SETUP) requirements-local.txt && exec $(PY) -m local.run

test:
	$(DEV) $(PY) -m tests.servers.machine && $(PYTEST) $(ARGS)

# Forms are filled as often as this; among all tests 120 times.
faults: export FORMS ?= 50000
faults:
	$(DEV) $(PY) -m tests.servers.machine && $(PYTEST) tests/faults $(ARGS)

# In the environment that Koe runs with: the address of its database above all.
backup:
	@$(SETUP) requirements-local.txt && $(PY) manage.py backup $(if $(OUT),--out "$(OUT)") $(ARGS)

# `make restore FILE` as well as `make restore FILE=...`: to make, the first FILE is a further goal.
ifeq ($(firstword $(MAKECMDGOALS)),restore)
FILE ?= $(word 2,$(MAKECMDGOALS))
$(filter-out restore,$(MAKECMDGOALS)):
	@:
endif
restore:
	@test -f "$(FILE)" || { echo "There is no such file. Say which: make restore var/backups/koe-....backup" >&2; exit 1; }
	@$(SETUP) requirements-local.txt && $(PY) manage.py restore "$(FILE)" $(if $(filter yes,$(OVERWRITE)),--overwrite) $(ARGS)

# The linter sorts imports and rewrites code, which the formatter then lays out.
fmt:
	$(DEV) $(PY) -m ruff check --fix .; fixed=$$?; $(PY) -m ruff format . && exit $$fixed

# One after the other, and all of them even where one fails; each can be called by its name.
check:
	@$(MAKE) --keep-going --no-print-directory $(CHECKS) && echo "Every check passed$$(cat var/not-audited 2>/dev/null)."

format:
	$(DEV) $(PY) -m ruff format --check .

lint:
	$(DEV) $(PY) -m ruff check .

templates:
	$(DEV) $(PY) -m djlint templates --lint --profile django --quiet $(LENIENT)

types:
	$(DEV) $(PY) -m mypy

migrations:
	$(DEV) KOE_VAR_DIR=$$(mktemp -d) $(PY) manage.py makemigrations --check --dry-run

translations:
	$(DEV) $(GETTEXT) && local/translations.sh $(CURDIR)/$(PY) -m django makemessages --all --no-wrap

deployment:
	$(DEV) $(PRODUCTION) SECRET_KEY=$(RANDOM_KEY) METRICS_TOKEN=$(RANDOM_KEY) KOE_VAR_DIR=$$(mktemp -d) \
	  $(PY) manage.py check --deploy --fail-level WARNING

# What an operator takes: container file, units, proxy, compose, by the programs that read them.
deploy:
	$(DEV) HADOLINT=.venv/bin/hadolint deploy/check.sh

# What production installs, as CycloneDX, for whoever keeps an inventory.
bom:
	$(DEV) $(PY) -m deploy.bom var/koe.cdx.json

# AUDIT=required fails where no advisory service is reached, too.
audit:
	$(DEV) AUDIT=$(AUDIT) $(PY) -m local.audit

bench:
	$(DEV) exec $(PY) -m benchmarks.run $(ARGS)

coverage-of-intervals:
	$(DEV) exec $(PY) -m benchmarks.coverage.run $(ARGS)

screenshots:
	$(DEV) SCREENSHOTS=docs/screenshots $(PYTEST) tests/browser/journeys $(ARGS)

messages:
	$(DEV) $(GETTEXT) && $(PY) manage.py makemessages --all --no-obsolete --add-location file --no-wrap \
	  --ignore=.venv --ignore=var --ignore=tests --ignore=benchmarks
	@for po in locale/*/LC_MESSAGES/*.po; do msgfmt --check --output-file="$${po%.po}.mo" "$$po" || exit 1; done
	@local/translations.sh

lock: | $(UV)
	$(COMPILE) -o requirements.txt
	$(COMPILE) --extra local -c requirements.txt -o requirements-local.txt
	$(COMPILE) --extra observe -c requirements.txt -o requirements-observe.txt
	$(COMPILE) --extra local --group dev -c requirements-local.txt -o requirements-dev.txt

# Beside the environment: uv is no part of what Koe runs or tests with.
var/uv/bin/uv:
	@$(SETUP) requirements.txt && $(PY) -m pip install --quiet --target var/uv uv
