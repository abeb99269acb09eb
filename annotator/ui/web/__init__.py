"""What the web server runs: the app, the script of its pages, their settings."""
