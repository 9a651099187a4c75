"""Who: users, hosts, memberships, places and the links that let people in."""
