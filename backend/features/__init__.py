"""From a scene to features: the lattice, the plan of an area, blended strips."""
