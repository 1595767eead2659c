"""Benchmark recipes, suites, speed comparisons and reference results."""
