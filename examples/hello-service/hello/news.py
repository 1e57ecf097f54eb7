"""What each release brought, newest first."""

NEWS = (
    ("1.0.0", "Greet by name, and answer /news"),
    ("0.9.0", "A greeting and /health"),
)
