"""The package: one zip for all functions, of the locked requirements and our own code, the same bytes each time.

`python -m infra.packaging` makes it (`make package`). Why it is as it is: docs/decisions/0020.
"""
