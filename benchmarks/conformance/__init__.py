"""`make conformance`: PyTorch's operator database through the whole pipeline on the stock runtime, against eager.

    samples.py    the database's samples, as modules that can be exported
    evaluate.py   one sample: export, compile, load, run, compare
    pool.py       worker processes that may crash or hang
    report.py     the tables of docs/conformance.md

A sample ends in one of the states of `Status`.
"""
