"""The questions that a space answers, one file each; `Space` gathers them."""
