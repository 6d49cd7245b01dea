"""Pages of the administration that belong to the work of people."""
