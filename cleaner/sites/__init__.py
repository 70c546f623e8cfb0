"""What the articles of one site have in common. Pure counting, and what a count says about a paragraph."""
