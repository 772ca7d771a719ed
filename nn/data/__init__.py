"""Data sets, batches and preprocessing."""
