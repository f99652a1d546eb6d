"""How fast, how steady and how large: see README.md, which says how to run each part."""
