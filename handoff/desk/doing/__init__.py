"""What is sent from the desk's pages: replies, drafts, and all that is done with a conversation."""
