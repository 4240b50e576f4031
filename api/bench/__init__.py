"""Timings: latency, throughput, memory."""
