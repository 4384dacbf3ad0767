"""What receiving webhooks costs: one verification, and acknowledgements over real sockets."""
