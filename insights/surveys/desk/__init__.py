"""The page on which somebody at the desk asks how it went by a link."""
