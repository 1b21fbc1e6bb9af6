"""What an operator does with a whole database: keep it, put it back, move it to another one."""
