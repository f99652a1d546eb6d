"""The use cases, one module each. They know the core, the tables and the services outside; not Flask."""
