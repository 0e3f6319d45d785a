"""Services: found by their class, or by the abstract class that their callers know."""

from abc import ABC, abstractmethod

import pytest

from bot.interactions.services import Services


class Actions(ABC):
    @abstractmethod
    def act(self) -> None: ...


class Service(Actions):
    def act(self) -> None:
        pass


def test_a_service_is_found_by_its_class_and_by_its_base() -> None:
    services = Services()
    service = services.add(Service())

    assert services.get(Service) is service
    assert services.get(Actions) is service


def test_a_service_that_was_not_added_raises_key_error() -> None:
    with pytest.raises(KeyError):
        Services().get(Service)
