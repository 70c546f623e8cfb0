"""Fitting the judges, and measuring what they reach."""
