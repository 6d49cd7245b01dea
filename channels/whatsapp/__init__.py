"""The WhatsApp channel: its formatting, its buttons and its lists."""
