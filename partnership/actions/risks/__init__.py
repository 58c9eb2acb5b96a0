"""The register of risks: what may happen, how likely and how grave it is, what stands against it, and whose it is."""
