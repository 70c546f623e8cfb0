"""A run in shards: a plan of units, any number of machines that do them, and a gathering that puts all together."""
