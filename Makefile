# The directory from a fresh machine: `make run` needs Python 3.11 or newer and make, nothing else.

PORT ?= 8000
SEED ?= partners/seeds/cart.toml
PYTHON := $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
VENV := .venv/bin/python
MANAGE := $(VENV) manage.py
LOCK := $(VENV) -m uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --custom-compile-command "make lock"
# More processes than four would want more memory and connections than they save time.
ON_CORES := -n auto --maxprocesses 4
# The Nu HTML checker's own release; tests/browser/nu.py knows its SHA-256.
NU := build/vnu/node_modules/vnu-jar/build/dist/vnu.jar

# The package of the pages' font, under the SIL Open Font License.
FONT := build/fonts/node_modules/@fontsource-variable/onest

LIGHTHOUSE := build/lighthouse/node_modules/lighthouse/cli/index.js
OBSERVATORY := build/observatory/node_modules/@mdn/mdn-http-observatory/package.json

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run dev test lint check lock judge bench bench-search faults messages test-install test-cluster cluster soak observatory fonts axe lighthouse

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

run: export DEBUG = 0
run: .venv/installed .env staticfiles/staticfiles.json ## Serve the directory on http://127.0.0.1:8000/ in production settings (PORT=…)
	@$(MANAGE) migrate --no-input --verbosity 0
	@$(MANAGE) start_consortium --if-empty $(SEED)
	@echo "The directory: http://127.0.0.1:$(PORT)/   Its editors' side: http://127.0.0.1:$(PORT)/admin/"
	@echo "To make an admin user: .venv/bin/python manage.py createsuperuser"
	@exec $(VENV) -m gunicorn consortium.wsgi --config consortium/gunicorn.py --bind 127.0.0.1:$(PORT)

dev: export DEBUG = 1
dev: .venv/installed ## Serve it with DEBUG=1, reloading when the code changes (PORT=…)
	@$(MANAGE) migrate --no-input --verbosity 0
	@$(MANAGE) start_consortium --if-empty $(SEED)
	$(MANAGE) runserver 127.0.0.1:$(PORT)

test: export DEBUG = 1
test: export PYTHONDONTWRITEBYTECODE =  # where it is set, each process that a test starts would compile the project anew
test: .venv/tools $(if $(shell command -v npm),$(NU)) ## Run all tests: on SQLite, on PostgreSQL, in Chromium
	DATABASE_URL=sqlite://:memory: $(VENV) -m pytest $(ON_CORES) -m "not browser"
	$(VENV) -m tools.postgres -m pytest $(ON_CORES) -m "not browser"
	DATABASE_URL=sqlite://:memory: $(VENV) -m pytest $(ON_CORES) -m browser -r s

cluster: .venv/tools ## Run it on several hosts, all of them on this machine, until Ctrl-C (needs nginx and pgbouncer)
	$(VENV) -m tools.cluster hold

test-cluster: .venv/tools ## Kill each part of the cluster in turn while people use it (OUT=FILE for the figures)
	$(VENV) -m tools.cluster test $(if $(OUT),--out $(OUT))

soak: .venv/tools ## The same for ten minutes, a fault each 30 s (MINUTES=…, OUT=FILE)
	$(VENV) -m tools.cluster soak --minutes $(or $(MINUTES),10) $(if $(OUT),--out $(OUT))

test-install: export DEBUG = 1
test-install: export INSTALL = 1
test-install: .venv/tools ## Follow docs/deployment.md to the letter, in a file system of its own (Debian, root)
	DATABASE_URL=sqlite://:memory: $(VENV) -m pytest tests/deploy/test_install.py tests/deploy/test_container.py

observatory: .venv/tools $(OBSERVATORY) ## Let MDN's Observatory judge the headers that the shipped nginx sends
	$(VENV) -m tools.observatory $(OBSERVATORY)

axe: export DEBUG = 1
axe: .venv/tools ## Let axe judge every public page in all languages, widths and colour schemes (ONLY="ru kk" for some)
	$(VENV) -m tools.axe $(ONLY)

lighthouse: .venv/tools $(LIGHTHOUSE) ## Let Lighthouse judge the main pages as a phone and a desk receive them
	$(VENV) -m tools.lighthouse $(LIGHTHOUSE)

lint: .venv/tools ## Judge style and format
	$(VENV) -m ruff check .
	$(VENV) -m ruff format --check .

check: export DEBUG = 0
check: export SECRET_KEY = $(shell $(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(50))')
check: export ALLOWED_HOSTS = directory.example
check: export HTTPS = 1
check: export DATABASE_URL = sqlite://:memory:
check: .venv/installed ## Look for pending migrations and for production settings that warn
	$(MANAGE) makemigrations --check
	$(MANAGE) check --deploy --fail-level WARNING

lock: .venv/tools ## Resolve the dependencies of pyproject.toml anew (`make lock UPGRADE=--upgrade` for newer versions)
	$(LOCK) $(UPGRADE) pyproject.toml --output-file requirements.txt
	$(LOCK) $(UPGRADE) --group pyproject.toml:test --constraints requirements.txt --output-file tests/requirements.txt
	$(LOCK) $(UPGRADE) --group pyproject.toml:bench --constraints requirements.txt --constraints tests/requirements.txt \
		--output-file tools/bench/requirements.txt
	$(LOCK) $(UPGRADE) --group pyproject.toml:judge --constraints requirements.txt --constraints tests/requirements.txt \
		--output-file tests/judge/requirements.txt

messages: export DEBUG = 1
messages: export DJANGO_SETTINGS_MODULE = consortium.settings
messages: .venv/tools ## Bring the catalogues of the languages up to date with the code, and compile them
	$(VENV) -m tools.messages

fonts: .venv/tools $(FONT)/LICENSE ## Make the fonts of the pages anew: letters and weights that they use
	$(VENV) -m uv run --no-project --with fonttools==4.68.0 --with brotli==1.2.1 python tools/fonts.py $(FONT)

judge: export DEBUG = 1
judge: .venv/judge ## Let other programs judge the API, the linked data and the archive
	DATABASE_URL=sqlite://:memory: $(VENV) -m pytest -m judge tests/judge

bench: .venv/bench ## Measure with a release of the Research Organization Registry: make bench ROR=FILE (half an hour; OUT=FILE, SIZES=…)
	@test -f "$(ROR)" || { echo "Say where a release is: make bench ROR=FILE" >&2; exit 1; }
	@command -v sqlite3 >/dev/null || { echo "The benchmark compares with the sqlite3 command: install it." >&2; exit 1; }
	$(VENV) -m tools.postgres -m tools.bench $(ROR) $(if $(OUT),--out $(OUT)) $(if $(SIZES),--sizes $(SIZES))

bench-search: .venv/bench ## Measure the search with such a release: make bench-search ROR=FILE (SETS="…" for some)
	@test -f "$(ROR)" || { echo "Say where a release is: make bench-search ROR=FILE" >&2; exit 1; }
	$(VENV) -m tools.postgres -m tools.bench.search $(ROR) $(SETS)

faults: export DEBUG = 1
faults: .venv/tools ## Try long faults: databases killed under writes, hostile requests (ROUNDS=20 KILLS=100 REQUESTS=20000)
	$(VENV) -m tools.postgres -m tools.faults $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(KILLS),--kills $(KILLS)) \
		$(if $(REQUESTS),--requests $(REQUESTS))

.venv/installed: requirements.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; here is $$(python3 --version 2>&1)." >&2; exit 1; }
	$(PYTHON) -m venv .venv
	$(VENV) -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.txt
	@touch $@

.venv/tools: .venv/installed tests/requirements.txt
	$(VENV) -m pip install --quiet --disable-pip-version-check --require-hashes --requirement tests/requirements.txt
	@touch $@

.venv/judge: .venv/tools tests/judge/requirements.txt
	$(VENV) -m pip install --quiet --disable-pip-version-check --require-hashes --requirement tests/judge/requirements.txt
	@touch $@

.venv/bench: .venv/tools tools/bench/requirements.txt
	$(VENV) -m pip install --quiet --disable-pip-version-check --require-hashes --requirement tools/bench/requirements.txt
	@touch $@

.env: | .venv/installed
	@umask 077 && key=$$($(VENV) -c 'import secrets; print(secrets.token_urlsafe(50))') && \
		printf 'SECRET_KEY=%s\nALLOWED_HOSTS=127.0.0.1,localhost\nHTTPS=0\n' "$$key" > $@
	@echo "Wrote .env with a random SECRET_KEY."

staticfiles/staticfiles.json: .venv/installed $(shell find static -type f) | .env
	@$(MANAGE) collectstatic --no-input --verbosity 0

$(NU):
	npm install --no-save --no-audit --no-fund --ignore-scripts --prefix build/vnu vnu-jar@26.9.27

$(FONT)/LICENSE:
	npm install --no-save --no-audit --no-fund --ignore-scripts --prefix build/fonts @fontsource-variable/onest@5.3.1

$(LIGHTHOUSE):
	npm install --no-save --no-audit --no-fund --ignore-scripts --prefix build/lighthouse lighthouse@12.8.2

$(OBSERVATORY):
	npm install --no-save --no-audit --no-fund --ignore-scripts --prefix build/observatory @mdn/mdn-http-observatory@1.4.8
	echo "{}" > $(dir $(OBSERVATORY))conf/hsts-preload.json  # a list of preloaded names, which it would fetch; ours is on none
