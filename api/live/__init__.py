"""What changes suggestions while a release is served: curators, stock, trends; each followed from its durable log."""
