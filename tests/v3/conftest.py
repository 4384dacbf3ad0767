import pytest

from .fake import FakeSender


@pytest.fixture
def sender():
    return FakeSender({})
