"""The page Upload: a file is checked, its open questions are asked, its rows are accepted as a batch."""
