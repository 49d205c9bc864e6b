"""Benchmarks: ratios of medians of interleaved runs, never a timed test (docs/bench.md). Each is a small function that names its limit."""
