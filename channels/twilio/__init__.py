"""Twilio, in and out: what SMS and WhatsApp have in common on the wire."""
