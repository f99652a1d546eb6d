"""What one machine needs to run and try the whole product."""
