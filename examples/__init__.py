"""Runnable examples: what the tests, the demo and the benchmarks compile."""
