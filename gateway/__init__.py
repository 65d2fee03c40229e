"""Acts on the index: policy documents and their recommendation."""
