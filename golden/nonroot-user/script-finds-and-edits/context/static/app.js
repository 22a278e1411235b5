__API__
