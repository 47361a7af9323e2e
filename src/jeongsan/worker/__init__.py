"""What happens by itself: due work in total order, webhook delivery, the janitor."""
