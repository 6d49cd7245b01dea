"""The web channel: signed sessions, Rasa's Socket.IO and REST protocols, and a plain chat page."""
