"""Other programs' vector files, one module a format."""
