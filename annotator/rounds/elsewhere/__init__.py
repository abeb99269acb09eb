"""Networks that compute elsewhere: shards of rows on the nodes of a Ray cluster."""
