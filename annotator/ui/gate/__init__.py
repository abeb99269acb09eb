"""Who may talk to the web server: known names, own pages, signed-in people, at a human pace."""
