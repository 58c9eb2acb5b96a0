"""Rows of the deadlines floor: clocks and their days, bank holidays and versions, a partnership's own editions."""

from partnership.deadlines.models.calendar import BankHoliday, CalendarVersion, Division
from partnership.deadlines.models.deadline import Deadline, Milestone
from partnership.deadlines.models.editions import LocalEdition

__all__ = ["BankHoliday", "CalendarVersion", "Deadline", "Division", "LocalEdition", "Milestone"]
