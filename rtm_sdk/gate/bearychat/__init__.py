"""The BearyChat API of the gate."""
