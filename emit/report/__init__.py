"""The report of a compilation: what a program consists of and what it takes, for people and for machines.

facts.py         all that a report says: `ProgramReport`, as JSON, too
operations.py    the calls of kernels, read off a C program; programs.py those of a `.pte` program
accuracy.py      how far quantised values are from float: facts, and their part of the page
page.py          the facts as a page of HTML that needs nothing else: `page`
tables.py        its tables; style.py how it looks
"""

from etc.emit.report.accuracy import AccuracyReport
from etc.emit.report.facts import ProgramReport
from etc.emit.report.page import page

__all__ = ["AccuracyReport", "ProgramReport", "page"]
