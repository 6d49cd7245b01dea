"""Our own components of the Rasa pipeline: the language, the sentence vector and the small intents."""
