api="__API__"
