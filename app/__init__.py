"""The roof: settings, wiring, web application and command line; imported by no other package."""
