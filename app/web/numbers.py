"""How large a number in an address may be."""

BIGGEST_ID = 2**31 - 1  # what an id may be on every engine; an address writes <int(max=…):…>
