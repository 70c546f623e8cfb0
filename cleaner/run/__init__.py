"""A run over many articles: inputs, units, workers, resuming."""
