"""Where banks, gateways and platforms of messages post their events. Kept, answered at once, believed by nobody."""
