"""Where articles come from: folders, archives and tables, what other help centres export, and pages on the web."""
