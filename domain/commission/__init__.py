"""A standing intergovernmental body, its sessions, protocols and instructions."""
