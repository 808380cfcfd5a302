"""What is done now and then beside trading: thinning snapshots, archiving prices, cleaning up."""
