"""What templates of supervision ask of figures."""
