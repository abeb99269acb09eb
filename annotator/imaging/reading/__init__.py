"""Reading DICOM, PDF and TIFF files into pictures, page by page, in processes of their own."""
