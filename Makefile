# Nianbao. Everything here needs python3 (3.11 or newer) with its venv module, and make.

.PHONY: run demo test check again clock golden lint style format bench load soak mutations pictures documents lock clean help FORCE
.NOTPARALLEL:  # with -j, make would take the terminal away from the chat
.DEFAULT_GOAL := help

PYTHON ?= python3
BIN := .venv/bin
# Two cores: half of the time the tests wait for a server, a process or a limit.
PYTEST_WORKERS ?= 4
UV := uv==0.13.9
# What is compiled is kept, on a machine too that would not: the tests start many processes.
unexport PYTHONDONTWRITEBYTECODE

# ---- the environment ---------------------------------------------------------------------

# Each stamp holds the folder it was made in: a moved tree, or a python3 that is gone,
# makes the environment again.
STALE := $(shell { [ -x $(BIN)/python ] && [ "$$(cat .venv/.runtime)" = "$$(pwd -P)" ]; } 2>/dev/null || echo stale)

RUNTIME := .venv/.runtime
DEV := .venv/.dev

ifdef STALE
$(RUNTIME) $(DEV): FORCE
endif

$(RUNTIME): requirements.txt pyproject.toml
	@$(call set_up,requirements.txt)
	@pwd -P >$@

# The developers' lock contains the whole of the other one.
$(DEV): requirements-dev.txt pyproject.toml
	@$(call set_up,requirements-dev.txt)
	@pwd -P >$(RUNTIME)
	@pwd -P >$@

# Nothing here may read the standard input: it belongs to the chat that follows.
define set_up
exec </dev/null >&2; set -e; \
$(PYTHON) -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	echo '需要 Python 3.11 或更高版本，并带有 venv 模块（Debian：apt install python3-venv）。'; exit 1; }; \
echo '正在准备运行环境（.venv），约需一分钟……'; \
if ! $(BIN)/python -m pip --version >/dev/null 2>&1 || [ "$(STALE)" = stale ]; then \
	$(PYTHON) -m venv --clear .venv; fi; \
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1; \
$(BIN)/python -m pip install -qq --require-hashes --no-deps -r $(1); \
$(BIN)/python -m pip install -qq --no-deps --no-build-isolation --editable .
endef

# ---- using it ----------------------------------------------------------------------------

run: $(RUNTIME)  ## 启动：设有令牌时为 Telegram，否则为终端对话
	@exec $(BIN)/nianbao run

demo: $(RUNTIME)  ## 演示：完整播放示例对话，生成示例报告
	@exec $(BIN)/nianbao demo

# ---- working on it -----------------------------------------------------------------------

# Both at once, and no result lost.
typed_and_tested = $(BIN)/mypy & types=$$!; $(BIN)/python -m pytest $(1); tests=$$?; \
	wait $$types && exit $$tests

test: style  ## format check, lint, strict types, tests
	@$(call typed_and_tested,-n $(PYTEST_WORKERS))

check: style  ## for daily work: the same without what is long, needs a server, a process or LibreOffice
	@$(call typed_and_tested,-n 2 -m "not soak and not outside and not long" --no-header)

# Beside other load: `make again` in two terminals at once.
TIMES ?= 50
again: $(DEV)  ## the tests that know processes, servers or threads, many times
	@set -e; for run in $$(seq $(TIMES)); do echo "$$run of $(TIMES)"; \
	$(BIN)/python -m pytest -n $(PYTEST_WORKERS) -q -x -m "not soak and moving"; done

MOMENTS := 2026-12-31T23:59:00 2028-02-28T23:59:00 2028-02-29T12:00:00 2029-07-15T12:00:00
clock: $(DEV)  ## the tests as at the end of a year, before a leap day, on one, in a later summer
	@set -e; for moment in $(MOMENTS); do echo "$$moment"; \
	NIANBAO_TEST_NOW=$$moment+08:00 $(BIN)/python -m pytest -n $(PYTEST_WORKERS) -q -m "not soak"; done

golden: $(DEV)  ## write the golden dialogues of the tests anew, after a change of wording
	NIANBAO_GOLDEN=anew $(BIN)/python -m pytest -q tests/bot/telegram/test_dialogues.py

lint: style  ## format check, lint, strict types
	$(BIN)/mypy

style: $(DEV)
	$(BIN)/ruff format --check
	$(BIN)/ruff check

format: $(DEV)  ## format, and mend what the linter can mend
	$(BIN)/ruff check --fix-only
	$(BIN)/ruff format

bench: $(DEV)  ## measure, each figure against its baseline in the same run
	@$(BIN)/python -m tests.bench

# `.venv/bin/python -m tests.load --help` says what else: more processes, a rate, a filled store.
load: $(DEV)  ## clerks who answer all at once: answers a second, waiting, what each part costs
	@$(BIN)/python -m tests.load --database sqlite
	@$(BIN)/python -m tests.load --database postgresql --processes 2

# The seed is printed: `make soak SEED=…` finds the same again.
SEED ?= $(shell date +%s)
soak: $(DEV)  ## the long tests that `make test` leaves out, and new examples for the properties
	NIANBAO_EXAMPLES=new $(BIN)/python -m pytest -m "soak or hypothesis" --timeout 7200 \
		--randomly-seed=$(SEED) --hypothesis-seed=$(SEED)

mutations: $(DEV)  ## take each protection out in turn: some test must notice
	@$(BIN)/python -m tests.mutations "$(ONLY)"

pictures: $(DEV)  ## the pictures of the README and the guides, from a real run
	$(BIN)/python docs/make_pictures.py
	$(BIN)/python docs/make_county_pictures.py
	$(BIN)/python docs/make_terminal_pictures.py

documents: $(DEV)  ## twenty files for a person with Word and WPS (docs/checklist-word-wps.md)
	@$(BIN)/python docs/make_documents.py

# `make lock` keeps the versions that still fit; `make lock UPGRADE=--upgrade` takes the newest.
UPGRADE ?=
EXTRAS := pdf pictures postgresql template webhook
COMPILE = uv pip compile pyproject.toml --group build $(EXTRAS:%=--extra %) \
	--universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --quiet $(UPGRADE)

lock:  ## write both lock files again from pyproject.toml
	@tools=$$(mktemp -d); trap 'rm -rf "$$tools"' EXIT; set -e; \
	$(PYTHON) -m venv "$$tools"; "$$tools/bin/pip" install -qq $(UV); \
	PATH="$$tools/bin:$$PATH"; \
	$(COMPILE) --output-file requirements.txt; \
	$(COMPILE) --extra dev --constraint requirements.txt --output-file requirements-dev.txt

clean:  ## remove the environment and every cache; reports in var/ stay
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis build dist *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*  ## \(.*\)/  make \1\t\2/p' $(firstword $(MAKEFILE_LIST))
