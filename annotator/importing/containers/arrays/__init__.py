"""Images in arrays of numpy: one array a file, or several with labels, as MedMNIST has them."""
