"""What needs two rooms: each flow composes packages that do not know each other."""
