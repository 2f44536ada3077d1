"""What runs inside QGIS: the panel, its map tools and layers, and the client of the backend."""
