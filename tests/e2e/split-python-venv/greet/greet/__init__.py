def hello(name):
    return f"hello from {name}"
