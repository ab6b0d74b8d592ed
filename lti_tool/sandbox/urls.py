from __future__ import annotations

from lti_tool.sandbox.config import PracticeConfig
from lti_tool.sandbox.grades import LineItem
from lti_tool.sandbox.tools import Tool


def line_items_url(config: PracticeConfig, course_id: str, tool: Tool) -> str:
    return f"{config.base_url}/services/courses/{course_id}/lineitems?type_id={tool.deployment_id}"


def line_item_url(config: PracticeConfig, item: LineItem, tool: Tool) -> str:
    """Return the id of a line item; like Moodle's it has a query string, so `/scores` goes before the `?`."""
    path = f"{config.base_url}/services/courses/{item.course_id}/lineitems/{item.id}/lineitem"
    return f"{path}?type_id={tool.deployment_id}"


def notice_handlers_url(config: PracticeConfig, tool: Tool) -> str:
    return f"{config.base_url}/services/notice-handlers/{tool.deployment_id}"


def roster_url(config: PracticeConfig, course_id: str) -> str:
    return f"{config.base_url}/services/courses/{course_id}/memberships"
