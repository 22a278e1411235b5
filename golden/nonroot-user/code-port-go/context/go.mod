module harbour
