"""FPNN, the RPC framing of the RTM service: frames, encryption, sessions (all without I/O) and the connection."""
