"""Rows of the deadlines floor: bank holidays and their versions, a partnership's own editions of rules."""

from partnership.deadlines.models.calendar import BankHoliday, CalendarVersion, Division
from partnership.deadlines.models.editions import LocalEdition

__all__ = ["BankHoliday", "CalendarVersion", "Division", "LocalEdition"]
