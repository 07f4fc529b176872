"""What bots, phone menus and people who write to us can ask for, by the same actions as every other door."""
