"""What a monitoring system reads: technical gauges and the figures, without anything of a single person."""
