"""Concepts, labels and relations: the store curators edit and the snapshot the servers read."""
