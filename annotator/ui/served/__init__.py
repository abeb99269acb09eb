"""What Streamlit is given to run: the app, the script of its pages, and their settings."""
