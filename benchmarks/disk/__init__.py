"""Lists on disk: Parquet to Parquet without a limiter. ``python -m benchmarks.disk --rows 1000000``."""
