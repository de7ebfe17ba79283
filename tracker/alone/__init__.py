"""What a phone measured while no tempo90 was in reach: taken in later, counted, stored."""
