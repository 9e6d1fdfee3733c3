"""Simulators of the connected systems: real servers with memory, faults on request and a journal of every call."""
