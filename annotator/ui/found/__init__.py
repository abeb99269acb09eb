"""The images of a workspace: looked for, opened, and answered anew."""
