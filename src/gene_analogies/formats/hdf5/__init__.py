"""HDF5, read with h5py, and how AnnData lays out its files in it.

libhdf5 decodes the file; whatever h5py opens is read. Two things are checked before it reads, since
it does both without asking: following a link out of the file (`links`), and taking memory for a
size that the file only claims (`claims`). A file with damaged internals is libhdf5's to refuse; it
checks less than it could, and may crash the process. A parser of our own would have to know every
layout that HDF5 ever had, and refuse legal files; who reads files that nobody vouches for should do
so in a process of its own.
"""
