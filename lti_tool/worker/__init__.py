"""Carries grades to the platforms, outside of any request: lease, handle, settle."""
