// listens where --port says
