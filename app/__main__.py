"""`python -m app` is the `handrail` command."""

from app.cli import main

main()
