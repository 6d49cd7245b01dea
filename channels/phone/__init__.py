"""A simulator of Twilio and of a phone: it enforces Twilio's rules, so that all channels run without an account."""
