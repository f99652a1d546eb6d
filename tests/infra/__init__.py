"""The package, and its functions as Lambda runs them."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
