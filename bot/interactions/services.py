"""The client of every interaction, and the typed way from an interaction to the bot's services."""

from typing import Any, TypeAlias, TypeVar

import discord
from discord.ext import commands

_Service = TypeVar("_Service")


class Services:
    """One instance of each service, found by its class or by a base class of it."""

    def __init__(self) -> None:
        self._instances: dict[type[Any], Any] = {}

    def add(self, service: _Service) -> _Service:
        """Register `service` under its class and that class's bases, and return it."""
        self._instances |= dict.fromkeys(type(service).__mro__, service)
        return service

    def get(self, kind: type[_Service]) -> _Service:
        """The registered instance of `kind`. Raises KeyError where there is none."""
        service: _Service = self._instances[kind]
        return service


class ServiceClient(commands.AutoShardedBot):
    """A client that carries the bot's services."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.services = Services()
        self.open_modals: set[str] = set()
        """Custom ids of the modals that members have open."""


Interaction: TypeAlias = discord.Interaction[ServiceClient]


def service_of(interaction: Interaction, kind: type[_Service]) -> _Service:
    """The bot's service of the class `kind`, for a button, menu or modal."""
    return interaction.client.services.get(kind)
