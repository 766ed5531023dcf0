"""Certificates as their administrator and their holders see them."""
