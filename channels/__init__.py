"""What is said and the wires that carry it: customers, conversations, the outbox and the channels."""
