"""Files that people hand in: in a folder, in an object store, or on the way from one to the other."""
