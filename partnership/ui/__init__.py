"""How pages look: the form renderer, the components, the base page and PDFs. No models; knows no other app."""

from partnership.ui.parts import Action, Clock, Progress, Row, SubNavItem, Task, Tile, TimelineItem

__all__ = ["Action", "Clock", "Progress", "Row", "SubNavItem", "Task", "Tile", "TimelineItem"]
