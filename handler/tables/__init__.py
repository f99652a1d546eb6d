"""DynamoDB, one module a table: the model and the conditional writes on it."""
