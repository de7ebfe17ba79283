"""Several processes of one service: what they tell each other, who has what, and how they end."""
