import pytest
from command_line import small_space
from web_client import hostile_space, serving


@pytest.fixture(scope="session")
def toys():
    return {"toy": small_space(), "hostile": hostile_space()}


@pytest.fixture(scope="session")
def client(toys):
    with serving(toys) as client:
        yield client
