"""What goes over the wire, one module per noun: what comes in ends in In, what goes out in Out."""
