"""What differs between the standards: the manifest."""
