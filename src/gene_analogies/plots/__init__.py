"""Figures: plain numbers first, then pictures of them, drawn with matplotlib or as SVG.

``quadrilateral.py``, ``compass.py`` and ``receipt.py`` turn vectors into numbers; the module
``…_picture.py`` of each lays them out as a `gene_analogies.plots.picture.Picture`, lines and texts
at places; ``svg.py`` and ``axes.py`` write any picture.
"""
