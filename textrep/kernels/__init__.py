"""Compiled kernels: arrays and scalars in, arrays out; they know no objects."""
