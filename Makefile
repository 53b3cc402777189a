.PHONY: check test format golden clean

# Exactly what CI does.
check:
	bash .ci/run

test:
	.venv/bin/python -m pytest

format:
	.venv/bin/ruff check --fix . ; .venv/bin/ruff format .

golden:
	.venv/bin/python -m pytest tests/test_exporters.py --update-golden

clean:
	git clean -fdX
