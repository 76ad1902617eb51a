"""Scripts that build files of the data folder from other files of it; tests compare the result with the file."""
