"""Classes as they are listed and changed on the Settings page."""
