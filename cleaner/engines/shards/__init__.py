"""A run in shards: a plan of units, any number of machines that do them, and a last step that gathers the results."""
