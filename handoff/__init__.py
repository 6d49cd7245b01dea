"""Who speaks next: the turn, the queue and the desk."""
