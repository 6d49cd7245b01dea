"""Ask it, and must answer: what the bot would say, tried beside the text before it is live."""
