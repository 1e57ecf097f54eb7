import pytest

from hello.greeting import MAX_NAME_LENGTH, greet


@pytest.mark.parametrize(
    "name, greeting",
    [("", "Hello, world!"), ("Ada", "Hello, Ada!"), ("  Ada \n Lovelace ", "Hello, Ada Lovelace!"), ("Żaneta", "Hello, Żaneta!")],
)
def test_greets(name, greeting):
    assert greet(name) == greeting


def test_refuses_a_name_that_is_too_long():
    greet("x" * MAX_NAME_LENGTH)
    with pytest.raises(ValueError, match="at most 64"):
        greet("x" * (MAX_NAME_LENGTH + 1))
