"""Incident: everything that is recorded of one incident, with its sources."""

from geo.views import address, incident_page, messages
from geo.wording import _

messages.page_head(
    _("Incident"),
    _("What is recorded of one incident, report by report, with every source. The filters do not apply here."),
)
incident_id = address.text_box(
    "id",
    _("Identifier of the incident"),
    _("As lists of incidents and downloads show it, for example register:KPR-2007-0001."),
)
if incident_id:
    incident_page.draw(incident_id)
else:
    incident_page.without_incident()
