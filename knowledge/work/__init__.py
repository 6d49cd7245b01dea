"""What needs somebody: found among all articles, ranked by how often customers meet it."""
