"""What claims that a span is boilerplate; no detector knows another."""
