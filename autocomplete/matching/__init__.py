"""What matches a prefix, exactly and with slips."""
