"""A history to look at: invented customers and agents live weeks through the product's own verbs, in minutes."""
