"""Guards removed one at a time: without each of them a test fails, or nothing would show that it is needed.

guards.toml is the table; `make guards` tries it in a copy of the tree and writes docs/guards.md.
"""
