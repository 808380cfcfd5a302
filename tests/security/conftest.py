"""The platform of the API's tests."""

from tests.api.conftest import person, stage

__all__ = ["person", "stage"]
