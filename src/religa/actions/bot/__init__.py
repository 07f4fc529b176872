"""What people write to us, and what is answered."""
