"""Programs that measure, and print figures of the machine they ran on."""
