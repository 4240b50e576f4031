"""Quality figures on judged data, with intervals."""
