#!/bin/sh
date > started
exec python notes.py
