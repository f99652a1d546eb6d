"""A stand-in for the phone network and for Twilio, on one machine, for trying and testing."""

from local.carrier.access import carrier_of
from local.carrier.app import create_carrier
from local.carrier.carrier import Carrier
from local.carrier.config import CarrierConfig, OptOutMode
from local.carrier.network import Network

__all__ = ["Carrier", "CarrierConfig", "Network", "OptOutMode", "carrier_of", "create_carrier"]
