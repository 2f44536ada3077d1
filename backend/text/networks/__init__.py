"""What text encoders are made of in torch. Imported when one is loaded, never to list them."""
