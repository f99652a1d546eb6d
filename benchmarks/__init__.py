"""How fast and how large: replies read, and made-up responses by the hundred thousand. README.md says how to run."""
