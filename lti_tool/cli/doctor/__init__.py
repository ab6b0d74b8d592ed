"""`smartcity doctor`: looks at everything the house needs and says, for each point, what to do."""
