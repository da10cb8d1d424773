"""What the SDK costs, each figure beside its floor in the same run: `python -m tests.benchmarks`."""
