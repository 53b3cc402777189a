.PHONY: check quick test format golden clean

# Exactly what CI does.
check:
	bash .ci/run

# The unit tests, in one process and half a minute.
quick:
	.venv/bin/python -m pytest -m "not slow"

test:
	.venv/bin/python -m pytest -n auto --dist loadfile

format:
	.venv/bin/ruff check --fix . ; .venv/bin/ruff format .

golden:
	.venv/bin/python -m pytest tests/test_exporters.py tests/test_diagnostics.py tests/test_issues.py --update-golden

clean:
	git clean -fdX
