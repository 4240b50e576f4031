"""What the log teaches: tables and candidates mined from shoppers' events, day by day."""
