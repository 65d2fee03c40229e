"""Installing a stranger's package without running its scripts, and starting it where it can do no harm."""
