"""The roof: settings, URLs, reactions, navigation and commands.

It wires the rooms and decides nothing.
"""
