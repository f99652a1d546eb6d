"""Why no package was made; each has a sentence for whoever called the command."""


class PackagingFailed(Exception):
    """The package is faulty or too large, or a step of the build failed. Its text has one sentence a fault."""


class ToolMissing(Exception):
    """Something that building needs is not on this machine. Its text says what, and how to get it."""
