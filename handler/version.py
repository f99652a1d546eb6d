"""Which version this is; a test holds it against the project's file, which is not in the package."""

VERSION = "0.1.0"
