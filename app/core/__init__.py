"""Words every room uses; knows no concept of the product."""
