"""What a page can have more and more of, by subject: more(world, n) lays the n-th. PAGES: (persona, URL name, more)."""
