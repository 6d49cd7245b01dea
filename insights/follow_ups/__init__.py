"""The closed loop: a low score is looked after by a person, until it is closed with a cause and asked about again."""
