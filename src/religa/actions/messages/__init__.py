"""What the subscriber is told: texts, the outbox, and sending with evidence."""
