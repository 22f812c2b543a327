# The habits of this project. Every target sets up what it needs: nothing else has to be typed first.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
SUDO   := $(if $(filter 0,$(shell id -u)),,sudo)
APT_INSTALL = $(SUDO) apt-get update -q && $(SUDO) apt-get install -q -y --no-install-recommends

.PHONY: venv toolchains demo test sanitize lit pytest types lint bench conformance docs clean

venv: $(STAMP)

# Debian splits the venv module off python3; ask for it only where it is missing.
$(STAMP): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || $(APT_INSTALL) python3-venv
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --upgrade pip
	$(BIN)/pip install --quiet --editable '.[executorch,dev]'
	@touch $@

# Compilers and emulators of the targets, what checks generated C, and a browser that looks at reports; without them the tests that need them are skipped.
toolchains: venv
	@missing=$$($(BIN)/python -m etc.runtime.targets.packages clang cppcheck chromium); test -z "$$missing" || \
	  { $(APT_INSTALL) $$missing; } || echo "make: going on without $$missing" >&2

demo: venv toolchains  ## compile a real, trained model to a .pte, run it on the stock ExecuTorch runtime, say what happened
	@$(BIN)/python examples/demo.py

test: venv toolchains  ## everything below, with a summary
	@$(BIN)/python test/run.py

# Generated C under AddressSanitizer and UndefinedBehaviorSanitizer: all operators, statements, control flow.
sanitize: venv toolchains
	@ETC_TEST_TARGET=host-sanitized OMP_NUM_THREADS=1 $(BIN)/pytest -q -n auto --dist loadfile \
	  $(wildcard test/lowering/test_edge_to_linalg_*.py) test/lowering/test_bufferize.py \
	  test/lowering/test_control_flow_in_c.py test/emit/c/test_c_integers.py test/emit/c/test_c_floats.py \
	  test/emit/c/test_c_statements.py

lit: venv
	@$(BIN)/lit -q test

pytest: venv toolchains
	@$(BIN)/pytest -q -n auto test

types: venv
	@$(BIN)/pyright

lint: venv
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

bench: venv  ## every figure beside ExecuTorch's, measured in the same run
	@$(BIN)/python -m benchmarks

conformance: venv  ## PyTorch's operator database on the stock runtime, into docs/conformance.md
	@$(BIN)/python -m benchmarks.conformance --core --markdown docs/conformance.md

docs: venv  ## regenerate the reference pages of dialects and passes
	@$(BIN)/python docs/generate.py

clean:
	rm -rf build $(VENV)
