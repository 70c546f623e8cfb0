"""A run as numbers, the numbers as one HTML page, and two runs compared. All pure: no file is read or written here."""
