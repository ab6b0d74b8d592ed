"""What an id_token says (LTI 1.3 core, 5.3 and 5.4), in Moodle's manner."""

from __future__ import annotations

from typing import Any

from lti_tool.sandbox.config import VERSION
from lti_tool.sandbox.course import Activity, Course
from lti_tool.sandbox.launches import DEEP_LINKING, SUBMISSION_REVIEW, PendingLaunch
from lti_tool.sandbox.lms import PracticeLms
from lti_tool.sandbox.people import Person
from lti_tool.sandbox.tools import NOTICE_TYPES, SCOPE_NOTICES, SCOPE_ROSTER, Tool
from lti_tool.sandbox.urls import line_item_url, line_items_url, notice_handlers_url, roster_url

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
AGS_CLAIM = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
NRPS_CLAIM = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
DL_CLAIM = "https://purl.imsglobal.org/spec/lti-dl/claim/"
ID_TOKEN_LIFETIME = 60  # seconds, as in Moodle


def id_token_claims(lms: PracticeLms, launch: PendingLaunch, person: Person, nonce: str) -> dict[str, Any]:
    """Return all claims of a launch; names and e-mail only as the privacy settings allow."""
    tool = lms.active_tool(launch.client_id)
    course = lms.course(launch.course_id)
    issued = int(lms.now().timestamp())
    return {
        "iss": lms.config.base_url,
        "aud": tool.client_id,
        "sub": person.id,
        "iat": issued,
        "exp": issued + ID_TOKEN_LIFETIME,
        "nonce": nonce,
        **personal_claims(lms, person),
        LTI + "version": "1.3.0",
        LTI + "message_type": launch.message_type,
        LTI + "deployment_id": tool.deployment_id,
        LTI + "target_link_uri": launch.target_link_uri,
        LTI + "roles": list(person.roles),
        LTI + "context": _context(course),
        LTI + "launch_presentation": _presentation(lms, launch),
        LTI + "tool_platform": _platform(lms),
        LTI + "lis": {"person_sourcedid": "", "course_section_sourcedid": ""},
        **_services(lms, launch, tool),
        **_message(lms, launch, tool, course, person),
    }


def personal_claims(lms: PracticeLms, person: Person) -> dict[str, str]:
    """Return name and e-mail claims; what is empty or not shared is missing altogether."""
    settings = lms.state.settings
    claims: dict[str, str] = {}
    if settings.share_names:
        claims |= {"name": person.name, "given_name": person.given_name, "family_name": person.family_name}
    if settings.share_emails:
        claims["email"] = person.email
    return {claim: value for claim, value in claims.items() if value}


def _context(course: Course) -> dict[str, Any]:
    return {"id": course.id, "label": course.label, "title": course.title, "type": ["CourseSection"]}


def _presentation(lms: PracticeLms, launch: PendingLaunch) -> dict[str, str]:
    return {
        "locale": lms.state.settings.locale,
        "document_target": launch.document_target,
        "return_url": f"{lms.config.base_url}/course/return?course={launch.course_id}",
    }


def _platform(lms: PracticeLms) -> dict[str, str]:
    return {
        "guid": lms.config.base_url,
        "product_family_code": "uebungs-lms",
        "version": VERSION,
        "name": "Übungs-LMS",
        "description": "Nur auf diesem Rechner",
    }


def _services(lms: PracticeLms, launch: PendingLaunch, tool: Tool) -> dict[str, Any]:
    services: dict[str, Any] = {}
    if tool.ags_scopes:
        services[AGS_CLAIM] = _ags(lms, launch, tool)
    if SCOPE_ROSTER in tool.scopes:
        services[NRPS_CLAIM] = {
            "context_memberships_url": roster_url(lms.config, launch.course_id),
            "service_versions": ["1.0", "2.0"],
        }
    if SCOPE_NOTICES in tool.scopes:
        services[LTI + "platformnotificationservice"] = {
            "service_versions": ["1.0"],
            "platform_notification_service_url": notice_handlers_url(lms.config, tool),
            "scope": [SCOPE_NOTICES],
            "notice_types_supported": list(NOTICE_TYPES),
        }
    return services


def _ags(lms: PracticeLms, launch: PendingLaunch, tool: Tool) -> dict[str, Any]:
    claim: dict[str, Any] = {
        "scope": tool.ags_scopes,
        "lineitems": line_items_url(lms.config, launch.course_id, tool),
    }
    columns = lms.state.line_items_of(launch.activity_id) if launch.activity_id else []
    if len(columns) == 1:  # with several the platform cannot say which one is meant
        claim["lineitem"] = line_item_url(lms.config, columns[0], tool)
    return claim


def _message(lms: PracticeLms, launch: PendingLaunch, tool: Tool, course: Course, person: Person) -> dict[str, Any]:
    if launch.message_type == DEEP_LINKING:
        return _deep_linking(lms, launch, tool)
    activity = lms.activity(launch.activity_id)
    custom = {**activity.custom, **tool.custom}  # the tool's own win, as in Moodle
    claims: dict[str, Any] = {
        LTI + "resource_link": {"id": activity.id, "title": activity.title, "description": activity.text}
    }
    if launch.message_type == SUBMISSION_REVIEW:
        claims[LTI + "for_user"] = {"user_id": launch.for_user}
        custom |= _texts((activity.review or {}).get("custom"))
    if custom:
        claims[LTI + "custom"] = {key: _substituted(value, activity, course, person) for key, value in custom.items()}
    return claims


def _deep_linking(lms: PracticeLms, launch: PendingLaunch, tool: Tool) -> dict[str, Any]:
    dialog = lms.dialogs.find(launch.dialog_id)
    if dialog is None:
        return {}
    settings = {
        "deep_link_return_url": f"{lms.config.base_url}/deep-linking/{dialog.id}/return",
        "accept_types": ["ltiResourceLink"],
        "accept_presentation_document_targets": ["iframe", "window"],
        "accept_multiple": dialog.accept_multiple,
        "accept_lineitem": dialog.accept_lineitem,
        "auto_create": True,
        "title": tool.name,
        "text": "",
        "data": dialog.data,
    }
    return {
        DL_CLAIM + "deep_linking_settings": settings,
        **({LTI + "custom": dict(tool.custom)} if tool.custom else {}),
    }


def _texts(value: object) -> dict[str, str]:
    return {str(key): str(text) for key, text in value.items()} if isinstance(value, dict) else {}


def _substituted(value: str, activity: Activity, course: Course, person: Person) -> str:
    """Replace a substitution variable; unknown ones stay as text, as the specification asks."""
    return {
        "$User.id": person.id,
        "$ResourceLink.id": activity.id,
        "$ResourceLink.title": activity.title,
        "$ResourceLink.id.history": ",".join(activity.history),
        "$Context.id": course.id,
        "$Context.title": course.title,
        "$Context.id.history": ",".join(course.history),
    }.get(value, value)
