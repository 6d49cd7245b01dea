"""The administration: who works here, in which teams, and what was done."""
