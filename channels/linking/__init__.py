"""One customer: proofs that two addresses are the same person's, and what follows from them."""
