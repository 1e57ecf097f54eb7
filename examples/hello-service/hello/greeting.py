MAX_NAME_LENGTH = 64


def greet(name: str) -> str:
    """Return a greeting for `name`, or for the world when it is blank."""
    name = " ".join(name.split())
    if len(name) > MAX_NAME_LENGTH:
        raise ValueError(f"a name has at most {MAX_NAME_LENGTH} characters, this one has {len(name)}")
    return f"Hello, {name or 'world'}!"
