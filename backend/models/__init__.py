"""Published weights: what there is, what lies on this disk, and how it is fetched."""
