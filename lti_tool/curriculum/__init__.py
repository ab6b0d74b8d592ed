"""Pure: content files in, checked immutable objects out. Shared by the live tool and the SCORM builder."""
