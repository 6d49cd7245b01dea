"""The help centre: the pages where customers help themselves, and what those pages count."""
