"""The channels there are, by the names they have in the database, in settings and in the bot's responses."""

from __future__ import annotations

WEB = "web"
SMS = "sms"
WHATSAPP = "whatsapp"
SITE = "site"
"""No channel one can write in: the name under which the company's own site knows a customer."""
PHONE = (SMS, WHATSAPP)
"""What reaches the same number: SMS and WhatsApp of one number are one customer's."""
