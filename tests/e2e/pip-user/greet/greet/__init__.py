def greet(whom):
    return "hello, %s" % whom
