"""Stands in for an organisation's identity provider on one machine: made-up people to choose from, and no password.

Anybody may be anybody here, so it starts in stage local alone and listens on 127.0.0.1.
"""
