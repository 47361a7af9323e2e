"""Card networks and banks as the gateway sees them: a port, and a simulator with faults."""
