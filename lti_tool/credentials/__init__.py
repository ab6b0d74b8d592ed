"""Documents of a proof: the PDF, the Open Badge, and how both are told from forgeries.

Knows neither Flask nor a database. Typst and openbadgeslib are loaded when they are first needed, as most processes
and most requests make no document.
"""
