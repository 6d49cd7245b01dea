"""What programs read of the help centre: suggestions, articles as JSON, feeds, the site map, pictures."""
