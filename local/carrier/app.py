"""Wires the carrier: the REST API, the control API and the pages around one network."""

import logging

from flask import Flask

from local.carrier.carrier import Carrier
from local.carrier.config import CarrierConfig
from local.carrier.control import control
from local.carrier.control_trouble import trouble
from local.carrier.desk import desk
from local.carrier.mailbox import mailbox
from local.carrier.rest_api import rest_api
from local.carrier.sender_api import sender_api


def create_carrier(config: CarrierConfig) -> Flask:
    """The carrier itself is `carrier_of(app)`; close() it when done."""
    app = Flask(__name__, static_folder=None)
    app.extensions["carrier"] = Carrier(config)
    app.register_blueprint(rest_api)
    app.register_blueprint(sender_api)
    app.register_blueprint(control)
    app.register_blueprint(trouble)
    app.register_blueprint(desk)
    app.register_blueprint(mailbox)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # its request log holds phone numbers
    return app
