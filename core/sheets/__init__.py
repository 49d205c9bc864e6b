"""Reading and writing workbooks safely: no Django, no word of the domain (ruling 11, faults 39 to 59)."""

from .caps import DEFAULT_CAPS, Caps
from .gate import FileFacts, SheetFacts, inspect_upload
from .headers import Column, HeaderSpec
from .problems import CellProblem, RefusedFile
from .reader import Row, Table, TableStream, read_rows, read_table, read_tables, stream_table
from .text import clean_code, clean_text, match_key
from .values import Cell
from .writer import OutColumn, OutSheet, error_workbook, safe_text, write_table

__all__ = [
    "DEFAULT_CAPS", "Caps", "Cell", "CellProblem", "Column", "FileFacts", "HeaderSpec", "OutColumn", "OutSheet",
    "RefusedFile", "Row", "SheetFacts", "Table", "TableStream", "clean_code", "clean_text", "error_workbook",
    "inspect_upload", "match_key", "read_rows", "read_table", "read_tables", "safe_text", "stream_table",
    "write_table",
]  # fmt: skip
