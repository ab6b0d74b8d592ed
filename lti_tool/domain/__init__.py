"""Pure rules: no web, no database, no protocol, no clock of its own."""
