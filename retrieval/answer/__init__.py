"""From matches to what is shown: filters, facets, sorts, pages."""
