"""What people who work here settle for themselves: name, language, password, second factor, open sessions."""
