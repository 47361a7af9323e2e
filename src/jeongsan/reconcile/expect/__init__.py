"""What each settlement row should say: terms given or learned, and the tables that the rules compare with."""
