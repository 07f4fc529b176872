"""Where banks and gateways post their events. Kept, answered at once, believed by nobody."""
