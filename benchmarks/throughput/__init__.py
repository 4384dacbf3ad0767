"""Contacts per second, processor time, memory and latency over a loopback server, contender by contender."""
