"""Guards in the database itself: a bump in the road; what is found never depends on them."""
