"""Google Chat: a mixin of operations for each domain, resources, filters, the client that joins them, and webhooks."""
