"""Opening, unpacking and locking files; the rules and models that lie in them."""
