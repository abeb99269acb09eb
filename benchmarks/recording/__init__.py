"""What benchmarks have printed, kept from version to version."""
