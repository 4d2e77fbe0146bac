"""Measures the playground against its peers, in one run and one after another."""
