"""HDF5, read with h5py, and how AnnData lays out its files in it.

libhdf5 decodes the file, so whatever h5py opens is read. Two things libhdf5 does without asking,
and they are checked before it reads: following a link out of the file (`links`), and taking memory
for a size that the file only claims (`claims`). Damage inside the file is libhdf5's to refuse; it
may hang, or crash the process, instead (docs/formats.md says how often). A parser of our own in
front of it would have to know every layout of HDF5, and would refuse legal files.
"""
