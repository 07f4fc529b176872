"""Stand-ins for other people's systems, for the demo and for tests; they pass the contract tests of their port."""
