"""How large the package may grow and how long its imports may take; whoever raises a bound says why."""

MEGABYTE = 1_000_000
# AWS unpacks at most 250 MB (Lambda quotas). Ours are what was measured on 2026-11-22, 21.4 and 65.2, and a fifth more.
# A third of it is OpenSSL, which sign-in's library brings, and holidays of all countries.
MOST_ZIPPED = 26 * MEGABYTE
MOST_UNPACKED = 78 * MEGABYTE
# CPU of a fresh process that imports what `sms` does, over one that imports Flask, Twilio's validator and PynamoDB.
MOST_IMPORT_RATIO = 1.15


def faults_of_size(zipped: int, unpacked: int) -> list[str]:
    """A sentence for each bound that is passed. Sizes in bytes."""
    measured = (("zipped", zipped, MOST_ZIPPED), ("unpacked", unpacked, MOST_UNPACKED))
    return [
        f"The package has {size / MEGABYTE:.1f} MB {how}, more than {most / MEGABYTE:.0f} (infra/packaging/bounds.py)."
        for how, size, most in measured
        if size > most
    ]


def faults_of_import(ratio: float) -> list[str]:
    if ratio <= MOST_IMPORT_RATIO:
        return []
    return [
        f"Importing what sms needs takes {ratio:.2f} times the CPU of Flask, Twilio's validator and PynamoDB alone; "
        f"the bound is {MOST_IMPORT_RATIO} (benchmarks/imports.py shows where it goes)."
    ]
