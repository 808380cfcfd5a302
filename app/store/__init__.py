"""What is kept: the schema, the one write path and the queries."""
