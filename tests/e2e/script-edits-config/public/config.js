api=__API__
