# `make` alone lists the targets. Nothing needs to be installed beforehand but Python and make.

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup demo picture qgis quick test lanes test-backend test-plugin long lint docs pictures bench gpu-check package clean

PYTHON_BACKEND := .venv/bin/python
PYTHON_QGIS := .venv-qgis/bin/python
BACKEND := .venv/.ready
QGIS_READY := .venv-qgis/.ready
DOCS := .venv/.docs
MKDOCS := .venv/bin/mkdocs

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# Both at once where that can be: on a bare Debian QGIS brings the module that makes environments.
setup: ## Make both environments; install QGIS where that can be done
	@if bash scripts/setup_backend.sh --check; then \
	    $(MAKE) --no-print-directory $(QGIS_READY) & qgis=$$!; \
	    $(MAKE) --no-print-directory $(BACKEND) && wait $$qgis; \
	else $(MAKE) --no-print-directory $(QGIS_READY) && $(MAKE) --no-print-directory $(BACKEND); fi

$(BACKEND): pyproject.toml constraints.txt scripts/setup_backend.sh
	bash scripts/setup_backend.sh
	@touch $@

$(QGIS_READY): constraints-qgis.txt scripts/setup_qgis.sh
	bash scripts/setup_qgis.sh
	@touch $@

demo: setup ## Drive the plugin in a real QGIS; leaves the map and a picture in demo/
	$(PYTHON_QGIS) scripts/demo.py

picture: ## Take the demo's picture into the README
	cp demo/demo.png docs/images/demo.png

qgis: setup ## Open QGIS with the plugin, in a profile of its own
	$(PYTHON_QGIS) scripts/qgis_profile.py

quick: $(BACKEND) $(QGIS_READY) ## The cheap tests of nearly every room
	$(call both_lanes,-q --quick --durations=3)

test: setup ## Lint and test everything
	@mkdir -p .cache; ($(MAKE) lint >.cache/lint.log 2>&1; echo $$? >.cache/lint.status) & \
	    $(MAKE) lanes OPTIONS="$(OPTIONS)"; status=$$?; wait; \
	    cat .cache/lint.log; exit $$((status | $$(cat .cache/lint.status)))

lanes: $(BACKEND) $(QGIS_READY)
	$(call both_lanes,$(OPTIONS))

test-backend: $(BACKEND) $(QGIS_READY)
	$(PYTHON_BACKEND) -m pytest -n 2 --dist loadfile --no-loadscope-reorder --max-worker-restart 1 $(OPTIONS)

ifeq ($(QGIS),3.40)
test-plugin:
	OPTIONS="$(OPTIONS)" bash scripts/debian.sh trixie
else
test-plugin: $(BACKEND) $(QGIS_READY)
	QT_QPA_PLATFORM=offscreen $(PYTHON_QGIS) -m pytest $(OPTIONS)
endif

# At once: half of their time is waiting for processes.
define both_lanes
@mkdir -p .cache; \
    ($(MAKE) test-plugin OPTIONS="$(1)" >.cache/test-plugin.log 2>&1; \
        echo $$? >.cache/test-plugin.status) & \
    $(MAKE) test-backend OPTIONS="$(1)"; status=$$?; wait; \
    cat .cache/test-plugin.log; exit $$((status | $$(cat .cache/test-plugin.status)))
endef

long: setup ## The proofs that are too heavy for every run; docs/reliability.md has their results
	$(PYTHON_BACKEND) -m scripts.long

lint: $(BACKEND) ## ruff, mypy, the rules of who may import whom, Qt's names in QGIS 4, translations
	$(PYTHON_BACKEND) -m ruff check .
	$(PYTHON_BACKEND) -m ruff format --check .
	$(PYTHON_BACKEND) -m mypy
	.venv/bin/lint-imports
	$(PYTHON_BACKEND) -m scripts.qt6
	$(PYTHON_BACKEND) -m scripts.translations --check

$(DOCS): constraints.txt | $(BACKEND)
	$(PYTHON_BACKEND) -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[docs]'
	@touch $@

docs: $(DOCS) ## Build the documentation as a site, in build/site; a dead link or anchor fails
	NO_MKDOCS_2_WARNING=1 $(MKDOCS) build --strict

pictures: setup ## Draw all pictures of the documentation anew
	bash scripts/pictures.sh

bench: $(BACKEND) ## Run every benchmark
	@for file in benchmarks/*.py; do echo "$$file"; PYTHONPATH=. $(PYTHON_BACKEND) "$$file" || exit 1; done

gpu-check: $(BACKEND) ## Parity and throughput of encoders, text and link on this device
	$(PYTHON_BACKEND) -m scripts.gpu_check

package: setup ## Make and check the plugin's zip in dist/
	$(PYTHON_BACKEND) scripts/package.py

clean: ## Remove what was made here, the environments too
	rm -rf .venv .venv-qgis .qgis-profile .qgis-settings .cache .pytest_cache .hypothesis .mypy_cache .ruff_cache \
	    .import_linter_cache build dist demo
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
