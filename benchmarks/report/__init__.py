"""docs/benchmarks.md, written by the benchmarks from what they measured."""
