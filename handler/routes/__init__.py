"""The doors: one module each, thin. They read what came, call one use case and say what happened."""
