"""HTTP for the clients of Google Chat and BearyChat: requests, connection, retries, credentials."""
