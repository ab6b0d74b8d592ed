"""`smartcity backup`: one archive that holds the database, the files people handed in, and what proves them whole."""
