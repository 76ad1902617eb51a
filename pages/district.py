"""District: everything recorded, published and said of one district, the first that the filter names."""

from geo.views import messages, state
from geo.views.district import page
from geo.wording import _

messages.page_head(
    page.title(), _("Everything that the atlas holds on one district: the answer first, what it rests on below.")
)
view = state.current()
pcode = page.chosen()
if pcode is None:
    page.choose(view)
else:
    messages.shown_line(view)
    page.draw(view, pcode)
