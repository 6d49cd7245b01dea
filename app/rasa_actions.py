"""For Rasa's own tools: `rasa run actions --actions app.rasa_actions` runs the bot's actions on the real articles."""

import os

from app.loading import load_embedding, open_knowledge
from app.settings import read_settings
from bot import actions, runtime
from db import Database

_settings = read_settings(os.environ)
_embedder = load_embedding(_settings)
runtime.use(
    embedder=_embedder,
    knowledge=open_knowledge(_settings, Database(_settings.database_url), _embedder),
    contact=_settings.support_contact,
)

__all__ = ["actions"]
