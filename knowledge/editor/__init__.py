"""The editor: the pages on which articles are written, tried, published and tended."""
