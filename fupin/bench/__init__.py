"""Benchmarks: ratios of medians of interleaved runs, never a timed test (docs/performance.md). Each is a small function that names its limit."""
