"""`.pte` files: `emit_pte` writes an `exec` program, `read_pte` reads any program, ExecuTorch's own included.

    schema.py      the tables, as data
    container.py   the file around the flatbuffer: header and segments
    placement.py   where data goes in a segment
    to_bytes.py    exec → file: write_plan.py does a method, writer.py the flatbuffer
    from_bytes.py  file → exec: reader.py does the flatbuffer, read_plan.py a method, read_storage.py its constants

Reading a file of ours and writing it again gives the same bytes. Reading a file of ExecuTorch's and writing it gives
the same program, field by field, in fewer bytes: equal tables are stored once.
"""

from etc.emit.flatbuffer.from_bytes import read_pte
from etc.emit.flatbuffer.to_bytes import emit_pte

__all__ = ["emit_pte", "read_pte"]
