import subprocess
print("hello")
