"""Modules as archives that an LMS plays by itself: planned, rendered, checked, packed."""
