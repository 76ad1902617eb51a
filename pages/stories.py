"""Stories: named lists of views with a sentence each, shown one after another."""

from geo.views import messages, story_page
from geo.wording import _

messages.page_head(
    _("Stories"),
    _("Views of this atlas with a sentence each, shown one after another: a way to explain what the records say."),
)
story_page.draw()
