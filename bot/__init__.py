"""Answers one message: the Rasa project and the code around it."""
