"""Working days, and the periods that law and guidance set: pure, cited, and without a database."""
