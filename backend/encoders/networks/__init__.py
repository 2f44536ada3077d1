"""What encoders are made of in torch: networks, their weights, windows as tensors.

Imported when an encoder is loaded, never to list encoders or to refuse a name.
"""
