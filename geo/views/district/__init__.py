"""The page of one district: the answer first, then figures, evidence, neighbours, names, quality and incidents."""
