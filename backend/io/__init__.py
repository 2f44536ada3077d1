"""Bytes in and out: HTTP, ranges, remote GeoTIFFs, whole files, disk faults, read-ahead."""
