"""The components of the portal as template tags; ui:gallery shows each. docs/interface.md lists them with their use."""

import re
from datetime import datetime

from django import template
from django.conf import settings
from django.forms.formsets import BaseFormSet
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from partnership.ui import dates
from partnership.ui.context import facts

register = template.Library()

TAG_COLOURS = {"", "grey", "green", "teal", "blue", "purple", "magenta", "red", "orange", "yellow"}
LONG_WORD = re.compile(r"\S{80}(?=\S)")
BUTTON_KINDS = {"": "", "secondary": " govuk-button--secondary", "warning": " govuk-button--warning"}


def known(value, choices, what):
    """The value, or a TemplateSyntaxError that says what it may be: a wrong word must not pass unseen."""
    if value not in choices:
        raise template.TemplateSyntaxError(
            f"{what} must be one of {', '.join(sorted(filter(None, choices)))}; got {value!r}"
        )
    return value


# --- dates as people read them ---------------------------------------------------------------------------------------


@register.filter
def day(value):
    """'25 April 2019'; nothing for None. Times are shown in local time."""
    return dates.plain(_local(value)) if value else ""


@register.filter
def weekday(value):
    """'Thursday 25 April 2019'; nothing for None."""
    return f"{_local(value):%A} {dates.plain(_local(value))}" if value else ""


@register.filter
def moment(value):
    """'8 April 2019 at 9:12am', with BST or GMT where the clocks repeat the hour; nothing for None."""
    if not value:
        return ""
    local = _local(value)
    return f"{dates.plain(local)} at {dates.clock_time(local)}{dates.repeated_suffix(local)}"


@register.filter
def time_of_day(value):
    """'9:12am', where the day stands above it; with BST or GMT where the clocks repeat the hour; nothing for None."""
    if not value:
        return ""
    local = _local(value)
    return f"{dates.clock_time(local)}{dates.repeated_suffix(local)}"


def _local(value):
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


@register.filter
def css_string(value):
    """A text inside a quoted CSS string, for the running lines of a PDF: all but letters and digits is escaped."""
    escaped = (each if each.isalnum() or each == " " else f"\\{ord(each):06x}" for each in str(value))
    return mark_safe("".join(escaped))  # noqa: S308


@register.filter
def breakable(text):
    """A text whose words of more than 80 characters may break: a PDF takes minutes to fit a word of 20,000."""
    return LONG_WORD.sub(lambda found: found[0] + "\u200b", str(text))


# --- the page --------------------------------------------------------------------------------------------------------


@register.simple_tag
def portal_facts():
    """The partnership's facts on any page, an error page without a request included."""
    return facts()


@register.simple_tag
def reach():
    """' (email or telephone)' after the words that name the business unit; nothing where the settings give neither."""
    said = facts()
    links = [("mailto:", said["email"], said["email"]), ("tel:", said["telephone"].replace(" ", ""), said["telephone"])]
    shown = format_html_join(" or ", '<a class="govuk-link" href="{}{}">{}</a>', (each for each in links if each[2]))
    return format_html(" ({})", shown) if shown else ""


@register.simple_tag
def heading(text, caption="", size="l"):
    """The page's one h1, with a caption above it for the kind of thing and its marking."""
    known(size, {"xl", "l", "m"}, "the size of a heading")
    above = format_html('<span class="govuk-caption-{}">{}</span> ', size, caption) if caption else ""
    return format_html('<h1 class="govuk-heading-{}">{}{}</h1>', size, above, text)


@register.inclusion_tag("ui/breadcrumbs.html")
def breadcrumbs(*pairs):
    """`{% breadcrumbs "Case reviews" list_url %}`: from home, where signing in leads, by these to this page."""
    home = ("Home", resolve_url(settings.LOGIN_REDIRECT_URL))
    return {"items": [home, *zip(pairs[::2], pairs[1::2], strict=True)]}


@register.inclusion_tag("ui/error_summary.html")
def error_summary(*forms):
    """What is wrong in these forms and formsets, each line linked to the first wrong part."""
    problems = []
    for form in forms:
        if isinstance(form, BaseFormSet):
            problems += [{"text": text, "target": ""} for text in form.non_form_errors()] if form.is_bound else []
            each = form.forms
        else:
            each = [form]
        problems += [problem for one in each for problem in _problems(one)]
    return {"problems": problems}


def _problems(form):
    if not form or not getattr(form, "is_bound", False):
        return
    for text in form.non_field_errors():
        yield {"text": text, "target": ""}
    for field in form:
        if field.errors:
            yield {"text": field.errors[0], "target": getattr(field, "error_target", field.id_for_label)}


@register.inclusion_tag("ui/subnav.html")
def subnav(items, label):
    """Links between the pages of one record; `label` names them for screen readers ('Review RR-2019-04')."""
    return {"items": items, "label": label}


@register.inclusion_tag("ui/pagination.html", takes_context=True)
def pagination(context, page, label="Pages"):
    """Links for a Django Page; the rest of the address's query is kept. Nothing for a single page."""
    query = context["request"].GET.copy() if "request" in context else None

    def href(number):
        if query is None:
            return f"?page={number}"
        query["page"] = number
        return f"?{query.urlencode()}"

    paginator = page.paginator
    numbers = [
        {"number": number, "href": href(number) if number != paginator.ELLIPSIS else ""}
        for number in (
            paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1) if paginator.num_pages > 1 else ()
        )
    ]
    return {
        "page": page,
        "label": label,
        "numbers": numbers,
        "previous": href(page.previous_page_number()) if page.has_previous() else "",
        "next": href(page.next_page_number()) if page.has_next() else "",
    }


# --- words and boxes -------------------------------------------------------------------------------------------------


@register.simple_tag
def tag(text, colour=""):
    """A status: a word on a colour, never a colour alone."""
    known(colour, TAG_COLOURS, "the colour of a tag")
    return format_html('<strong class="govuk-tag{}">{}</strong>', f" govuk-tag--{colour}" if colour else "", text)


@register.simple_block_tag
def inset(content):
    """A passage set apart from the text."""
    return format_html('<div class="govuk-inset-text">{}</div>', content)


@register.simple_block_tag
def warning(content):
    """A sentence that people must not miss."""
    return format_html(
        '<div class="govuk-warning-text"><span class="govuk-warning-text__icon" aria-hidden="true">!</span>'
        '<strong class="govuk-warning-text__text"><span class="govuk-visually-hidden">Warning</span> {}</strong></div>',
        content,
    )


@register.simple_block_tag
def details(content, summary, open=False):
    """A passage that opens on a click; without JavaScript too."""
    return format_html(
        '<details class="govuk-details"{}><summary class="govuk-details__summary">'
        '<span class="govuk-details__summary-text">{}</span></summary>'
        '<div class="govuk-details__text">{}</div></details>',
        mark_safe(" open") if open else "",
        summary,
        content,
    )


@register.simple_block_tag
def panel(content, title):
    """The green panel that says a thing is done; its title is the page's h1."""
    return format_html(
        '<div class="govuk-panel govuk-panel--confirmation"><h1 class="govuk-panel__title">{}</h1>'
        '<div class="govuk-panel__body">{}</div></div>',
        title,
        content,
    )


@register.simple_block_tag
def card(content, title=""):
    """A bordered box beside the main text."""
    head = format_html('<h2 class="govuk-heading-m">{}</h2>', title) if title else ""
    return format_html('<section class="portal-card">{}{}</section>', head, content)


@register.inclusion_tag("ui/summary_list.html")
def summary_list(rows, plain=False):
    """Facts by name: `Row` objects or (key, value) pairs."""
    shown = [row if hasattr(row, "key") else {"key": row[0], "value": row[1], "actions": ()} for row in rows]
    return {"rows": shown, "plain": plain, "any_actions": any(getattr(row, "actions", ()) for row in rows)}


@register.simple_block_tag
def summary(content, plain=False):
    """A summary list whose rows are written in the template with `{% row "Chair" %}…{% endrow %}`."""
    return format_html(
        '<dl class="govuk-summary-list{}">{}</dl>', " govuk-summary-list--no-border" if plain else "", content
    )


@register.simple_block_tag
def row(content, key):
    """One row inside `{% summary %}`."""
    return format_html(
        '<div class="govuk-summary-list__row"><dt class="govuk-summary-list__key">{}</dt>'
        '<dd class="govuk-summary-list__value">{}</dd></div>',
        key,
        content,
    )


@register.inclusion_tag("ui/task_list.html")
def task_list(tasks, prefix="task"):
    """`Task` objects with their status; `prefix` must differ between two lists on one page."""
    return {"tasks": tasks, "prefix": prefix}


@register.inclusion_tag("ui/timeline.html")
def timeline(items, level=3):
    """`TimelineItem` objects, newest first as handed in."""
    return {"items": items, "level": level}


@register.inclusion_tag("ui/tiles.html")
def tiles(items, label="In numbers"):
    """`Tile` objects in a row."""
    return {"tiles": items, "label": label}


@register.inclusion_tag("ui/clock.html")
def clock(clock, level=2):
    """A `Clock`."""
    return {"clock": clock, "level": level}


@register.inclusion_tag("ui/progress.html")
def progress(progress, id="progress"):
    """A `Progress`; asks its address again every two seconds until it is finished, or by a link without JavaScript.

    The view at that address answers an htmx request with the page or partial that holds this tag under the same `id`.
    """
    return {"progress": progress, "id": id}


# --- buttons ---------------------------------------------------------------------------------------------------------


@register.simple_tag
def button(text, name="", value="", kind="", once=True):
    """The button of a form; `once` ignores a second click within a second."""
    known(kind, BUTTON_KINDS, "the kind of a button")
    named = format_html(' name="{}" value="{}"', name, value) if name else ""
    return format_html(
        '<button type="submit" class="govuk-button{}" data-module="govuk-button"{}{}>{}</button>',
        BUTTON_KINDS[kind],
        named,
        mark_safe(' data-prevent-double-click="true"') if once else "",
        text,
    )


@register.simple_tag
def link_button(text, href, kind=""):
    """A link that looks like a button: it goes somewhere and changes nothing."""
    known(kind, BUTTON_KINDS, "the kind of a button")
    return format_html(
        '<a href="{}" role="button" draggable="false" class="govuk-button{}" data-module="govuk-button">{}</a>',
        href,
        BUTTON_KINDS[kind],
        text,
    )


@register.inclusion_tag("ui/post_button.html", takes_context=True)
def post_button(context, text, url, kind="secondary", look="button", about="", **hidden):
    """One action that changes something: a form of its own with the CSRF token. `look="link"` for table rows.

    `about` completes the words for screen readers ('Remind' + 'Police'); further keywords are hidden fields.
    """
    known(look, {"button", "link"}, "the look of a post button")
    return {
        "csrf_token": context.get("csrf_token"),
        "text": text,
        "url": url,
        "classes": BUTTON_KINDS[known(kind, BUTTON_KINDS, "the kind of a button")],
        "look": look,
        "about": about,
        "hidden": hidden.items(),
    }


@register.inclusion_tag("ui/filter_form.html", takes_context=True)
def filter_form(context, form, target="", button="Show"):
    """A GET form in one line with a Show button. With `target` (an id) htmx replaces that part only."""
    request = context.get("request")
    return {"form": form, "target": target, "button": button, "path": request.path if request else ""}


# --- tables ----------------------------------------------------------------------------------------------------------


@register.simple_block_tag
def table(content, caption, columns, numeric="", hide_caption=False, id=""):
    """A table that turns into stacked cards on phones: the roles are written out, because CSS takes them away there.

    `columns` are the headings with commas between them, `numeric` those whose figures stand to the right. The rows
    are `{% tr %}{% cell "Due" %}…{% endcell %}{% endtr %}`.
    """
    right = {name.strip() for name in numeric.split(",")}
    head = format_html_join(
        "",
        '<th scope="col" role="columnheader" class="govuk-table__header{}">{}</th>',
        (
            (" govuk-table__header--numeric" if name in right else "", name)
            for name in map(str.strip, columns.split(","))
        ),
    )
    return format_html(
        '<table class="govuk-table portal-table" role="table"{}><caption class="govuk-table__caption {}">{}</caption>'
        '<thead class="govuk-table__head" role="rowgroup"><tr class="govuk-table__row" role="row">{}</tr></thead>'
        '<tbody class="govuk-table__body" role="rowgroup">{}</tbody></table>',
        format_html(' id="{}"', id) if id else "",
        "govuk-visually-hidden" if hide_caption else "govuk-table__caption--m",
        caption,
        head,
        content,
    )


@register.simple_block_tag
def tr(content):
    """A row of `{% table %}`."""
    return format_html('<tr class="govuk-table__row" role="row">{}</tr>', content)


@register.simple_block_tag
def cell(content, label, head=False, numeric=False):
    """A cell of `{% tr %}`; `label` is its column's heading, `head=True` makes it the row's heading."""
    if head:
        return format_html(
            '<th scope="row" role="rowheader" class="govuk-table__header" data-label="{}"><div>{}</div></th>',
            label,
            content,
        )
    return format_html(
        '<td role="cell" class="govuk-table__cell{}" data-label="{}"><div>{}</div></td>',
        " govuk-table__cell--numeric" if numeric else "",
        label,
        content,
    )
