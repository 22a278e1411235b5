#!/usr/bin/env python3
import os
os.execvp("gunicorn", ["gunicorn", "notes:app"])
