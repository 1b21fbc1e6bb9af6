# The Python that starts the set-up; local/local.py looks for a newer one where this is too old.
PYTHON := $(firstword $(foreach name,python3 python3.13 python3.12 python3.11,$(shell command -v $(name) 2>/dev/null)))
LOCAL := $(if $(PYTHON),$(PYTHON) local/local.py,echo "Koe needs Python 3.11 or newer and found none. On Debian or Ubuntu: sudo apt-get install python3 python3-venv" >&2; exit 1;)

.DEFAULT_GOAL := help
.PHONY: help run test faults fmt check bench lock messages

help:
	@echo "make run       set up everything and start Koe on http://127.0.0.1:8000 (PORT=8010 make run)"
	@echo "make test      set up everything and run every test (make test ARGS='-k inbox')"
	@echo "make faults    kill, stop and cut off what sends; SEEDS=10 SENDS=10000 for a long run"
	@echo "make fmt       format the code, repair what the linter can repair by itself"
	@echo "make check     format, lint, types, migrations, translations, deployment check, audit"
	@echo "make bench     measure the speed targets and write benchmarks/results.json"
	@echo "make messages  collect the texts to translate and compile the catalogues"
	@echo "make lock      resolve the requirements anew and pin them with hashes"

run:
	@$(LOCAL) run

test:
	@$(LOCAL) test $(ARGS)

faults:
	@$(LOCAL) test tests/faults $(ARGS)

fmt:
	@$(LOCAL) fmt

check:
	@$(LOCAL) check

bench:
	@$(LOCAL) bench $(ARGS)

lock:
	@$(LOCAL) lock $(ARGS)

messages:
	@$(LOCAL) messages
