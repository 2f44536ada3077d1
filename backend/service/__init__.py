"""The backend over HTTP: scenes are registered, jobs are queued, maps are fetched as files."""
