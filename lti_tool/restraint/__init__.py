"""How many requests are too many, and which platform is not called for a while; in memory, or shared through Redis."""
