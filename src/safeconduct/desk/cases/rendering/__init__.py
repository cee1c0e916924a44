# SPDX-License-Identifier: AGPL-3.0-or-later
"""The part of the desk that touches the bytes of a person's file (R8). It runs in the sandbox alone, and imports nothing of ours.

First run: the file in, a plain picture or plain sound out (or a word why not). Second run: that in, what a browser shows
out. So what a browser gets was written by a process that has never seen the file.
"""
