import os
import sys

words = open(sys.argv[1]).read().split()
with open("result.txt", "w") as f:
    f.write(" ".join(sorted(words)))
print(open("result.txt").read())
print("home is writable:", os.access(os.path.expanduser("~"), os.W_OK))
print("uid=%d gid=%d" % (os.getuid(), os.getgid()))
sys.exit(3)
