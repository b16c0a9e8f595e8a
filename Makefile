# The two commands are `make demo` and `make test`; `make` lists the others.
PORT ?= 8000
# More options for pytest: `make test ARGS="-k cruft"`.
ARGS ?=

# Everything is installed into this folder. If uv is not on PATH, it is installed into .uv.
ifndef UV
UV := $(shell command -v uv)
endif
ifeq ($(UV),)
export UV := $(CURDIR)/.uv/bin/uv
export UV_CACHE_DIR ?= $(CURDIR)/.uv/cache
OWN_UV := .uv/bin/uv
endif
export UV_PYTHON_DOWNLOADS := never
# cookiecutter would render a cache in the template folder.
export RUFF_NO_CACHE := true

RUN = "$(UV)" run --quiet --

.DEFAULT_GOAL := help
.PHONY: help demo demo-project test test-heavy test-edits check lint links format files catalogs \
	benchmark benchmark-pages lighthouse screenshots moving-picture install release

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' Makefile

demo: demo-project ## Generate a project into demo/ and serve it with sample data
	@$(MAKE) --no-print-directory -C demo demo PORT=$(PORT)

# Generated each time, so that it shows the current template. Installed packages and entered
# data stay: `rm -r demo` starts over. Caches that an editor or a tool left in the template
# are deleted, since they are binary and do not belong to it.
demo-project: install
	@find '<<cookiecutter.project_slug>>' -type d \( -name '.*_cache' -o -name __pycache__ \) \
		-prune -exec rm -rf {} +
	@mkdir -p demo && find demo -mindepth 1 -maxdepth 1 ! -name .venv ! -name uv.lock \
		! -name .env ! -name 'db.sqlite3*' ! -name media -exec rm -rf {} +
	@$(RUN) cookiecutter . --no-input --default-config --overwrite-if-exists \
		project_slug=demo > demo/.generated || { cat demo/.generated; exit 1; }
	@rm demo/.generated

test: install ## Run all tests that need only Python
	@$(RUN) pytest --numprocesses 2 --maxschedchunk 1 $(ARGS)

# ARGS may select no test in one of the two runs: pytest then exits with 5.
HEAVY = run() { $(RUN) pytest -m "$$@" || [ $$? -eq 5 ]; } && run

# Use a separate folder: as root, any other pytest makes the shared one unreadable for
# PostgreSQL's user, who has to read its program there.
test-heavy: install ## Run the tests that need a browser, Redis or a container builder
	@folder="$$(mktemp -d)" \
		&& $(HEAVY) "heavy and not alone" --numprocesses 2 --dist loadfile \
			--basetemp="$$folder/two" $(ARGS) \
		&& $(HEAVY) "heavy and alone" --basetemp="$$folder/one" $(ARGS) \
		&& rm -rf "$$folder"

test-edits: install ## Test what owners do to a project, one edit at a time
	@folder="$$(mktemp -d)" && $(RUN) pytest -m edits --numprocesses 2 \
		--basetemp="$$folder/tests" $(ARGS) && rm -rf "$$folder"

check: lint test ## Run all checks that need only Python

lint: install ## Check style, format and spelling of the template
	@$(RUN) ruff check .
	@$(RUN) ruff format --check .
	@$(RUN) codespell

links: install ## Check the documents' links to other sites (needs the network)
	@$(RUN) python -m tests.links

format: install ## Fix the style and format of the template's own code
	@$(RUN) ruff check --fix hooks tests
	@$(RUN) ruff format hooks tests

benchmark: demo-project ## Measure the mailbox against its peers and draw docs/benchmark.svg
	@$(MAKE) --no-print-directory -C demo install
	@cd demo && UV="$(UV)" "$(UV)" run --quiet --group postgres python ../benchmarks/mailbox.py \
		--json ../docs/benchmark.json --chart ../docs/benchmark.svg $(OPTIONS)

benchmark-pages: demo-project ## Measure pages and the API against a view that does nothing
	@$(MAKE) --no-print-directory -C demo install
	@cd demo && FIGURES=../docs/benchmark-pages.json "$(UV)" run --quiet --group postgres \
		python ../benchmarks/pages.py

lighthouse: demo-project ## Show Lighthouse's scores of the pages (needs Chromium and Node)
	@$(MAKE) --no-print-directory -C demo install
	@cd demo && "$(UV)" run --quiet python ../benchmarks/lighthouse.py

screenshots: demo-project ## Retake the pictures in README.md (needs Chromium)
	@$(MAKE) --no-print-directory -C demo screenshots
	@cd docs && for picture in *.png; do cp "../demo/screenshots/$$picture" .; done

moving-picture: demo-project ## Record the moving picture in README.md (needs Chromium)
	@$(MAKE) --no-print-directory -C demo install
	@cd demo && "$(UV)" run --quiet --group browser --with pillow \
		python ../benchmarks/moving_picture.py

files: install ## Update tests/files.txt, the files of a generated project
	@$(RUN) python -m tests.files

release: install ## Make a release: `make release VERSION=1.0.0`
	@$(RUN) python -m tests.release "$(VERSION)"

catalogs: demo-project ## Update the translation catalogs with makemessages (needs gettext)
	@$(MAKE) --no-print-directory -C demo install
	@$(RUN) python -m tests.catalogs demo

install: .venv
	@"$(UV)" sync --quiet

.venv: | $(OWN_UV)
	@for python in python3.13 python3.14 python3.12 python3.11 python3; do \
		found="$$("$$python" -c "import sys; print(sys.executable); \
			sys.exit(sys.version_info < (3, 11))" 2> /dev/null)" && break; \
		found=; \
	done; \
	[ -n "$$found" ] || { echo "The template's tools need Python 3.11 or newer: install one." >&2; \
		exit 1; }; \
	echo "Installing the template's tools into .venv"; \
	"$(UV)" sync --quiet --python "$$found"

.uv/bin/uv:
	@echo "Installing uv into .uv"
	@python3 -m venv .uv
	@.uv/bin/python -m pip install --quiet --disable-pip-version-check 'uv>=0.9,<1'
