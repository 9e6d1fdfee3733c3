"""Replies of the service, of the gateway before it and of IAM; each has an X-request-id of its own."""

import json
import uuid
from typing import Final

from aiohttp import web

from sandbox.systems.frame import Refusal

_GATEWAY: Final = "Incorrect IAM authentication information: "


def reply(body: object = None, status: int = 200, **headers: str) -> web.Response:
    """JSON, or nothing at all where there is no body."""
    if body is None:
        response = web.Response(status=status)
    else:
        text = json.dumps(body, ensure_ascii=False)
        response = web.Response(text=text, status=status, content_type="application/json", charset="utf-8")
    response.headers.update(headers | {"X-request-id": uuid.uuid4().hex})
    return response


def hss(code: str, message: str) -> Refusal:
    """The service's refusals all have the status 400 ("Error Codes")."""
    return Refusal(reply({"error_code": code, "error_msg": message}, 400))


def gateway(code: str, message: str, status: int = 401) -> Refusal:
    body = {"error_code": code, "error_msg": message, "request_id": uuid.uuid4().hex}
    return Refusal(reply(body, status))


def unauthentic(why: str) -> Refusal:
    return gateway("APIGW.0301", _GATEWAY + why)


def keystone(status: int, title: str, message: str) -> Refusal:
    """IAM's older shape, with a number for a code."""
    return Refusal(reply({"error": {"code": status, "message": message, "title": title}}, status))


def iam(status: int, code: str, message: str) -> Refusal:
    return Refusal(reply({"error_msg": message, "error_code": code}, status))
