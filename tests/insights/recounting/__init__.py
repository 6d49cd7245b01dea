"""Every figure once more, from what was kept and with nothing of the product's own counting.

Plain loops over plain rows, in the order in which the definitions are read; slow, and meant to be.
"""
