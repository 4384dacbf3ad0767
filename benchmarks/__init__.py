"""Measurements of lusha_async against what people would use instead: ``python -m benchmarks``."""
