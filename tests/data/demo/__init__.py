"""The laboratory's behaviour: shoppers, their words, their looks, and the truth about them."""
