"""Pickles, read by a machine of our own that runs no code.

`pickle.Unpickler` with ``find_class`` keeps foreign classes out, and is not enough for files that
nobody vouches for: an instruction of five bytes makes it allocate gigabytes, a memo index does the
same, and a key such as a tuple of tuples takes for ever to hash. PyTorch keeps a machine of its own
for ``torch.load(weights_only=True)`` for the same reason. Ours spares the import of PyTorch, whose
machine was seen to crash or hang on damaged files.

`machine` runs the instructions on plain data with a budget of memory, `operands` reads what follows
an instruction, `stand_ins` holds what a pickle may refer to, `torch_files` reads PyTorch's files;
`safe_load` is the entry.
"""
