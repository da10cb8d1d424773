"""The RTM service: a mixin of operations for each domain, results, callbacks, and the client that joins them."""
