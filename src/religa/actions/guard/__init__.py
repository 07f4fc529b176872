"""First blocks pass the mass-block guard: proposed, checked, admitted or held, then opened or dropped."""
