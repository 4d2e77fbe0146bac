"""An evaluation, and a trial of the methods, as one file: a page, Markdown or a spreadsheet."""

from playground.reports.report import Report, gather
from playground.reports.writing import FORMS, Form, write

__all__ = ["FORMS", "Form", "Report", "gather", "write"]
