"""Optimisers: how parameters move along their gradients."""
