"""Folders of images with a table of metadata, as Hugging Face's imagefolder has them."""
