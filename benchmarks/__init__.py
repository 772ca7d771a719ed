"""Speed and memory, measured against other engines: ``python -m benchmarks.scalar``."""
